/* SPDX-License-Identifier: Apache-2.0 */
/* Stage-2 translation (Arm ARM (DDI 0487), VMSAv8-64): guest addresses to machine addresses, 4 KiB granule, the
 * largest blocks that fit. Tables come from the domain's own pool, and go back to it only as a whole.
 *
 * Break-before-make: while a block is split, or a mapping replaced, another CPU of the domain may see a
 * translation fault on an address that is mapped. Such a fault is retried: whoever handles it asks
 * stage2_is_mapped first, which waits for the change to end. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/range.h>
#include <xi/spinlock.h>
#include <xi/types.h>

enum stage2_kind {
    STAGE2_RAM,    /* normal memory, write-back; read, write, execute */
    STAGE2_DEVICE, /* device registers (nGnRE); read, write */
    STAGE2_FOREIGN, /* another domain's RAM; read, write */
    STAGE2_FOREIGN_READONLY,
};

struct stage2 {
    spinlock_t lock;
    pa_t root;      /* the pool's first pages: concatenated top tables */
    uint16_t vmid;
    struct pa_range pool;
    uint64_t used;  /* bytes of the pool */
};

/* One guest range in machine memory. */
struct guest_bank {
    ipa_t guest;
    pa_t machine;
    uint64_t size; /* bytes */
};

/* Before any stage2_init: how many address bits the smallest CPU has (ID_AA64MMFR0_EL1.PARange, in bits).
 * The guest address space has that many, up to 48. */
void stage2_set_address_bits(uint32_t bits);
uint32_t stage2_address_bits(void);
/* VTCR_EL2 for every CPU. */
uint64_t stage2_vtcr(void);
/* Alignment that a pool needs, in bytes. */
uint64_t stage2_pool_align(void);
/* Bytes of pool that these banks need, and `spare` pages mapped one by one anywhere. */
uint64_t stage2_pool_size(const struct guest_bank *banks, uint32_t count, uint32_t spare);

/* An empty translation; the pool's memory is the stage-2's from now on. XI_ERR_NO_MEMORY, XI_ERR_ALIGN. */
XI_MUST_CHECK xi_err stage2_init(struct stage2 *stage2, uint16_t vmid, struct pa_range pool);
/* Empty again, its pool too. */
void stage2_clear(struct stage2 *stage2);

/* Maps whole pages; replaces what is there. XI_ERR_ALIGN, XI_ERR_RANGE (beyond the address bits, or wraps),
 * XI_ERR_NO_MEMORY (the pool is empty; what was mapped until then stays). */
XI_MUST_CHECK xi_err stage2_map(struct stage2 *stage2, ipa_t guest, pa_t machine, uint64_t size,
                                enum stage2_kind kind);
/* Holes are no error. Same errors: a block that is partly unmapped is split. */
XI_MUST_CHECK xi_err stage2_unmap(struct stage2 *stage2, ipa_t guest, uint64_t size);
/* Machine address of guest RAM. XI_ERR_NOT_FOUND where nothing, a device, or another domain's page is mapped: that one
 * may be gone at any time. Any CPU. */
XI_MUST_CHECK xi_err stage2_translate(struct stage2 *stage2, ipa_t guest, pa_t *machine);
/* Whether anything at all is mapped there. Any CPU. */
bool stage2_is_mapped(struct stage2 *stage2, ipa_t guest);
/* Whether this page of another domain is mapped there. */
bool stage2_is_foreign(struct stage2 *stage2, ipa_t guest, pa_t machine);
/* Waits for a change that is under way on another CPU. */
void stage2_settle(struct stage2 *stage2);
/* VTTBR_EL2: top table and VMID. */
uint64_t stage2_vttbr(const struct stage2 *stage2);
