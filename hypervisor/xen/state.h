/* SPDX-License-Identifier: Apache-2.0 */
/* What a domain has towards Xen's interface, and the calls by file. Every call answers zero or more, or
 * a negative errno; arguments are the guest's, and nothing about them is taken for granted. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/spinlock.h>
#include <xi/types.h>

#include "abi.h"

struct domain;
struct vcpu;

#define XEN_GRANT_FRAMES 64u  /* pages, 512 entries each */
#define XEN_PORTS 1024u       /* event channels; port 0 is never used */
#define XEN_VIRQS 24u
#define XEN_EVENT_PPI 31u     /* the upcall's interrupt, as in the guest's device tree */

struct xen_port {
    uint8_t state; /* EVTCHNSTAT_* */
    uint32_t vcpu; /* that is told */
    uint16_t remote_domain;
    uint32_t other; /* interdomain: port of the other end; virq: its number */
};

struct xen_vcpu {
    struct xen_vcpu_info *info; /* shared with the guest: changed by atomic operations only */
    struct xen_vcpu_info unregistered; /* where a vCPU other than 0 has it until it registers one */
    bool registered;
};

/* First the pages that the guest can map: everything in them is the guest's to write at any time. */
struct xen_domain {
    union {
        struct xen_shared_info info;
        uint8_t page[XI_PAGE];
    } shared;
    uint8_t grants[XEN_GRANT_FRAMES][XI_PAGE];

    spinlock_t lock;
    uint32_t grant_frames; /* that the guest has asked for */
    uint64_t params[HVM_NR_PARAMS];
    struct xen_port ports[XEN_PORTS];
    struct xen_vcpu vcpus[]; /* one each */
};

/* Copies from and to the current vCPU's virtual addresses, with its own EL1 rights. XI_ERR_RANGE. */
XI_MUST_CHECK xi_err xen_copy_from(struct vcpu *vcpu, void *to, uint64_t from, size_t size);
XI_MUST_CHECK xi_err xen_copy_to(struct vcpu *vcpu, uint64_t to, const void *from, size_t size);

bool xen_is_self(const struct vcpu *vcpu, uint16_t domid);

int64_t xen_memory_op(struct vcpu *vcpu, uint64_t command, uint64_t argument);
int64_t xen_grant_table_op(struct vcpu *vcpu, uint64_t command, uint64_t argument, uint64_t count);
int64_t xen_event_channel_op(struct vcpu *vcpu, uint64_t command, uint64_t argument);
int64_t xen_vcpu_op(struct vcpu *vcpu, uint64_t command, uint64_t id, uint64_t argument);
int64_t xen_hvm_op(struct vcpu *vcpu, uint64_t command, uint64_t argument);
int64_t xen_version(struct vcpu *vcpu, uint64_t command, uint64_t argument);
int64_t xen_sched_op(struct vcpu *vcpu, uint64_t command, uint64_t argument);
int64_t xen_console_io(struct vcpu *vcpu, uint64_t command, uint64_t count, uint64_t text);

/* Tells a vCPU that events are pending: all of them, without a look. */
void xen_mark_all_pending(struct vcpu *vcpu);
