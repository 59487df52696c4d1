/* SPDX-License-Identifier: Apache-2.0 */
/* Two domains that may share pages with each other, and what each does about it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/domain.h>

#include "../xen/pv/state.h"

struct side {
    struct domain *domain;
    struct vcpu *vcpu;
    struct domain_config *config;
    uint8_t *ram; /* FAKE_RAM_BYTES at FAKE_RAM, for both */
    uint64_t ram_machine;
};
extern struct side one, two; /* ids 1 and 2 */

#define GRANT_WINDOW 0x100000000ull /* where nothing is mapped */

/* Both fresh, with 8 frames of grants each; a pair in both directions. */
void pair_begin(void);
/* The same, with tables of so many frames at most. */
void pair_begin_with(uint32_t grant_frames, uint32_t mapping_frames);
void pair_grant(struct side *by, uint32_t ref, const struct side *to, uint64_t frame, uint16_t more_flags);
struct xen_grant_entry *pair_entry(struct side *by, uint32_t ref);
/* The call with `argument`, `size` bytes, in the side's own memory, until it is not made again; what it answers in the end. */
int64_t pair_hypercall(struct side *by, uint64_t number, uint64_t command, void *argument, size_t size, uint64_t count);
/* `record`, `count` of them, through the side's own memory; what the call answers in the end. */
int64_t pair_call(struct side *by, uint64_t command, void *record, uint32_t size, uint32_t count);
/* The last call was made so many times, because it was long. */
extern uint32_t pair_rounds;
int16_t pair_map(struct side *by, const struct side *of, uint32_t ref, uint64_t at, uint32_t flags, uint32_t *handle);
int16_t pair_unmap(struct side *by, uint32_t handle, uint64_t at);
/* The domain's descriptor of that page (VMSAv8-64, 4 KiB granule, from level 1); 0: nothing is mapped. */
uint64_t pair_descriptor(const struct side *of, uint64_t ipa);
uint64_t pair_machine(const struct side *of, uint64_t ipa);
/* What the core said last, "" since pair_begin. */
extern char pair_log[128];
/* The domain ends, and is made again. */
void pair_restart(struct side *which);
