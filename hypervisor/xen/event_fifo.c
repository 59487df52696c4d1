/* SPDX-License-Identifier: Apache-2.0 */
/* Event channels, FIFO: a word a port, linked into sixteen queues for each vCPU (public/event_channel.h, "FIFO
 * Based Event Channels"; D. Vrabel, "FIFO-based Event Channel ABI"). We put ports in at a queue's tail, the
 * guest takes them out at its head, at the same time and with no lock between: whoever changes a word does it in
 * one atomic step. Tails, and in which queue a port was, are ours: no word of the guest leads us anywhere. */
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/stage2.h>
#include <xi/vcpu.h>

#include "state.h"

/* A guest that changes a word each time before we can is asking for lost events. */
#define MAX_TRIES 64u

/* Sets and clears bits in one step, unless one of `unless` is set or one of `only` is not. */
static bool change(uint32_t *word, uint32_t unless, uint32_t only, uint32_t clear, uint32_t set)
{
    uint32_t old = __atomic_load_n(word, __ATOMIC_SEQ_CST);

    for (uint32_t i = 0; i < MAX_TRIES && (old & unless) == 0 && (old & only) == only; i++) {
        if (__atomic_compare_exchange_n(word, &old, (old & ~clear) | set, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
            return true;
        }
    }
    return false;
}

/* Leaves the queue that the guest has taken the port out of: its word will be another queue's. */
static void leave(struct xen_domain *xen, const struct xen_port *p, uint32_t port)
{
    uint32_t *tail = &xen->vcpus[p->queue_vcpu].tail[p->queue_priority];

    if (*tail == port) {
        *tail = 0; /* it was the last one, so that queue is empty */
    }
}

/* Puts a port that is pending, not masked and in no queue into its vCPU's. */
static void enqueue(struct domain *domain, uint32_t port)
{
    struct xen_domain *xen = domain->xen;
    struct xen_port *p = &xen->ports[port];
    struct xen_vcpu *v = &xen->vcpus[p->vcpu];
    uint32_t *tail = &v->tail[p->priority];

    if (!change(&xen->words[port], EVTCHN_FIFO_MASKED | EVTCHN_FIFO_LINKED, EVTCHN_FIFO_PENDING, EVTCHN_FIFO_LINK,
                EVTCHN_FIFO_LINKED)) {
        return;
    }
    leave(xen, p, port);
    p->queue_vcpu = p->vcpu;
    p->queue_priority = p->priority;
    /* A tail that is no longer linked was taken out: then the queue is empty, and this is its head. */
    bool behind = *tail != 0 && change(&xen->words[*tail], 0, EVTCHN_FIFO_LINKED, EVTCHN_FIFO_LINK, port);
    *tail = port;
    if (!behind) {
        __atomic_store_n(&v->control->head[p->priority], port, __ATOMIC_SEQ_CST);
        uint32_t ready = __atomic_fetch_or(&v->control->ready, 1u << p->priority, __ATOMIC_SEQ_CST);
        if ((ready & 1u << p->priority) == 0) {
            xen_upcall(domain->vcpus[p->vcpu]);
        }
    }
}

void xen_fifo_raise(struct domain *domain, uint32_t port)
{
    struct xen_domain *xen = domain->xen;
    struct xen_port *p = &xen->ports[port];

    if (xen->words == NULL || xen->vcpus[p->vcpu].control == NULL) {
        p->held = true;
        return;
    }
    p->held = false;
    __atomic_fetch_or(&xen->words[port], EVTCHN_FIFO_PENDING, __ATOMIC_SEQ_CST);
    enqueue(domain, port);
}

void xen_fifo_unmask(struct domain *domain, uint32_t port)
{
    struct xen_domain *xen = domain->xen;

    if (xen->words != NULL) {
        __atomic_fetch_and(&xen->words[port], ~EVTCHN_FIFO_MASKED, __ATOMIC_SEQ_CST);
        if (xen->vcpus[xen->ports[port].vcpu].control != NULL) {
            enqueue(domain, port);
        }
    }
}

void xen_fifo_forget_pending(struct domain *domain, uint32_t port)
{
    domain->xen->ports[port].held = false;
    if (domain->xen->words != NULL) {
        __atomic_fetch_and(&domain->xen->words[port], ~EVTCHN_FIFO_PENDING, __ATOMIC_SEQ_CST);
    }
}

/* What came before there was a place to show it. */
static void raise_held(struct domain *domain)
{
    for (uint32_t i = 1; i < XEN_PORTS; i++) {
        if (domain->xen->ports[i].held) {
            xen_fifo_raise(domain, i);
        }
    }
}

/* The first control block chooses the interface for the whole domain. */
static void choose_fifo(struct xen_domain *xen)
{
    for (uint32_t i = 1; i < XEN_PORTS && !xen->fifo; i++) {
        uint64_t word = __atomic_load_n(&xen->shared.info.evtchn_pending[i / 64], __ATOMIC_SEQ_CST);
        xen->ports[i].held = (word >> i % 64 & 1) != 0;
    }
    xen->fifo = true;
}

int64_t xen_fifo_init_control(struct domain *domain, struct xen_init_control *where)
{
    struct xen_domain *xen = domain->xen;

    if (where->vcpu >= domain->vcpu_count) {
        return -XEN_ENOENT;
    }
    struct xen_vcpu *v = &xen->vcpus[where->vcpu];
    struct xen_fifo_control *control = xen_shared_with_guest(domain, where->control_gfn, where->offset, sizeof(*control));
    if (control == NULL || v->control != NULL) {
        return -XEN_EINVAL;
    }
    choose_fifo(xen);
    v->control = control;
    where->link_bits = EVTCHN_FIFO_LINK_BITS;
    raise_held(domain);
    return 0;
}

/* One page has a word for each port that there can be. */
int64_t xen_fifo_expand_array(struct domain *domain, uint64_t gfn)
{
    struct xen_domain *xen = domain->xen;

    _Static_assert(XEN_PORTS * sizeof(uint32_t) == XI_PAGE, "a page of words");
    if (!xen->fifo) {
        return -XEN_EOPNOTSUPP;
    }
    if (xen->words != NULL) {
        return -XEN_ENOSPC;
    }
    xen->words = xen_shared_with_guest(domain, gfn, 0, XI_PAGE);
    if (xen->words == NULL) {
        return -XEN_EINVAL;
    }
    raise_held(domain);
    return 0;
}

int64_t xen_fifo_set_priority(struct domain *domain, const struct xen_set_priority *wanted)
{
    struct xen_domain *xen = domain->xen;

    if (!xen->fifo) {
        return -XEN_ENOSYS;
    }
    if (wanted->port >= XEN_PORTS || xen->ports[wanted->port].state == EVTCHNSTAT_closed ||
        wanted->priority >= EVTCHN_FIFO_QUEUES) {
        return -XEN_EINVAL;
    }
    xen->ports[wanted->port].priority = (uint8_t)wanted->priority;
    return 0;
}

void xen_fifo_reset(struct domain *domain)
{
    struct xen_domain *xen = domain->xen;

    xen->fifo = false;
    xen->words = NULL;
    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        xen->vcpus[i].control = NULL;
        for (uint32_t q = 0; q < EVTCHN_FIFO_QUEUES; q++) {
            xen->vcpus[i].tail[q] = 0;
        }
    }
}
