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
#include <xi/timer.h>
#include <xi/types.h>

#include "abi.h"

struct domain;
struct vcpu;

#define XEN_PORTS 1024u       /* event channels; port 0 is never used */
#define XEN_VIRQS 24u
#define XEN_WATCHDOGS 2u
#define XEN_EVENT_PPI 31u     /* the upcall's interrupt, as in the guest's device tree */

struct xen_port {
    uint8_t state;   /* EVTCHNSTAT_* */
    bool fixed;      /* of the configuration: never closed */
    uint8_t priority;
    bool held;       /* FIFO: pending, but its word or its vCPU's control block is not there yet */
    uint8_t queue_priority; /* FIFO: the queue that it was last put in */
    uint32_t queue_vcpu;
    uint32_t vcpu;   /* that is told */
    uint16_t remote_domain;
    uint32_t other; /* interdomain: port of the other end; virq: its number */
};

struct xen_watchdog_timer {
    struct timer timer;
    struct domain *domain;
    bool set;
};

struct xen_vcpu {
    struct xen_vcpu_info *info; /* shared with the guest: changed by atomic operations only */
    struct xen_vcpu_info unregistered; /* where a vCPU other than 0 has it until it registers one */
    bool registered;
    struct xen_fifo_control *control; /* FIFO: shared with the guest; NULL until it says where */
    uint32_t tail[EVTCHN_FIFO_QUEUES]; /* FIFO: the port last put in each queue; 0: none */
};

union xen_grant_frame {
    struct xen_grant_entry entries[XI_PAGE / sizeof(struct xen_grant_entry)];
    uint8_t page[XI_PAGE];
};

/* What the guest can map, the first page and the grant frames, is the guest's to write at any time. */
struct xen_domain {
    union {
        struct xen_shared_info info;
        uint8_t page[XI_PAGE];
    } shared;
    union xen_grant_frame *grants; /* behind all this */
    uint32_t grant_limit;          /* how many there are; never changes */

    spinlock_t lock; /* two domains' locks are taken in the order of their ids */
    bool open;       /* false while the domain is made again: events for it are lost */
    bool fifo;       /* which of the two interfaces the guest chose */
    uint32_t *words; /* FIFO: shared with the guest, XEN_PORTS of them; NULL until it says where */
    uint32_t grant_frames; /* that the guest has asked for */
    uint64_t params[HVM_NR_PARAMS];
    struct xen_watchdog_timer watchdogs[XEN_WATCHDOGS]; /* number i has the id i + 1 */
    struct xen_port ports[XEN_PORTS];
    struct xen_vcpu vcpus[]; /* one each */
};

/* Copies from and to the current vCPU's virtual addresses, with its own EL1 rights. XI_ERR_RANGE. */
XI_MUST_CHECK xi_err xen_copy_from(struct vcpu *vcpu, void *to, uint64_t from, size_t size);
XI_MUST_CHECK xi_err xen_copy_to(struct vcpu *vcpu, uint64_t to, const void *from, size_t size);

/* The guest's memory at a frame and offset, for both sides to write; NULL where `size` bytes do not lie there,
 * in one page, at a multiple of eight. */
void *xen_shared_with_guest(struct domain *domain, uint64_t gfn, uint32_t offset, size_t size);

bool xen_is_self(const struct vcpu *vcpu, uint16_t domid);
/* Zero for the caller itself; -EPERM for another domain, -ESRCH for none. */
int64_t xen_check_self(const struct vcpu *vcpu, uint16_t domid);
/* The domain itself, or one that the configuration lets it have event channels with. */
bool xen_is_peer(const struct domain *domain, uint32_t id);

/* Maps a page that the guest shares with us at its frame; grows the grant table up to it. */
int64_t xen_map_shared(struct vcpu *vcpu, uint32_t space, uint64_t index, uint64_t gfn);

int64_t xen_memory_op(struct vcpu *vcpu, uint64_t command, uint64_t argument);
int64_t xen_grant_table_op(struct vcpu *vcpu, uint64_t command, uint64_t argument, uint64_t count);
int64_t xen_event_channel_op(struct vcpu *vcpu, uint64_t command, uint64_t argument);
int64_t xen_vcpu_op(struct vcpu *vcpu, uint64_t command, uint64_t id, uint64_t argument);
int64_t xen_hvm_op(struct vcpu *vcpu, uint64_t command, uint64_t argument);
int64_t xen_version(struct vcpu *vcpu, uint64_t command, uint64_t argument);
int64_t xen_sched_op(struct vcpu *vcpu, uint64_t command, uint64_t argument);
int64_t xen_watchdog(struct vcpu *vcpu, uint64_t argument);
void xen_init_watchdogs(struct domain *domain);
/* Ends them all; under the domain's lock. */
void xen_stop_watchdogs(struct xen_domain *xen);
int64_t xen_console_io(struct vcpu *vcpu, uint64_t command, uint64_t count, uint64_t text);

/* Ports (event.c), under the domain's lock. */

/* NULL where that port is closed, or there is none of this number. */
struct xen_port *xen_open_port(struct xen_domain *xen, uint32_t port);
/* A free port with nothing pending; 0 when all are taken. */
uint32_t xen_new_port(struct domain *domain, struct xen_port port);

/* Both domains' locks, or the one of both; in the order of their ids. */
void xen_lock_both(struct domain *a, struct domain *b);
void xen_unlock_both(struct domain *a, struct domain *b);

/* Channels (event_peer.c): they take the locks. */
int64_t xen_bind_interdomain(struct vcpu *vcpu, struct xen_bind_interdomain *b);
int64_t xen_close_port(struct domain *domain, uint32_t port);
int64_t xen_send(struct domain *domain, uint32_t port);
/* Closes so many ports at most, but for what is fixed. True where others are left. */
bool xen_close_some(struct domain *domain, uint32_t most);

/* Events (event_deliver.c). All but the first under the domain's lock. */

/* Tells a vCPU that events are pending: all of them, without a look. */
void xen_mark_all_pending(struct vcpu *vcpu);
/* The upcall's interrupt, once until the guest has taken the flag. */
void xen_upcall(struct vcpu *vcpu);
/* Makes a port pending, in the interface that the guest chose. */
void xen_raise(struct domain *domain, uint32_t port);
/* Lets a masked port through. */
void xen_unmask(struct domain *domain, uint32_t port);
/* Nothing is pending at a port that was just opened or closed. */
void xen_forget_pending(struct domain *domain, uint32_t port);

/* The FIFO interface (event_fifo.c), under the domain's lock. */
void xen_fifo_raise(struct domain *domain, uint32_t port);
void xen_fifo_unmask(struct domain *domain, uint32_t port);
void xen_fifo_forget_pending(struct domain *domain, uint32_t port);
int64_t xen_fifo_init_control(struct domain *domain, struct xen_init_control *where);
int64_t xen_fifo_expand_array(struct domain *domain, uint64_t gfn);
int64_t xen_fifo_set_priority(struct domain *domain, const struct xen_set_priority *wanted);
/* Back to 2-level. */
void xen_fifo_reset(struct domain *domain);
