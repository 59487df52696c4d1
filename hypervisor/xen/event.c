/* SPDX-License-Identifier: Apache-2.0 */
/* Event channels, 2-level: a bit a port in the shared page, a bit a word in the vCPU's info, one flag for
 * all, and an interrupt (public/event_channel.h). The guest may write all of these at any time; the ports'
 * own state is ours, under the domain's lock. Channels between two domains are not configurable yet: both
 * ends are in one. */
#include <stddef.h>
#include <stdint.h>

#include <xi/domain.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>

#include "state.h"

#define WORD_BITS 64u

static bool set_bit(uint64_t *words, uint32_t bit)
{
    uint64_t mask = 1ULL << (bit % WORD_BITS);

    return (__atomic_fetch_or(&words[bit / WORD_BITS], mask, __ATOMIC_SEQ_CST) & mask) != 0;
}

static bool clear_bit(uint64_t *words, uint32_t bit)
{
    uint64_t mask = 1ULL << (bit % WORD_BITS);

    return (__atomic_fetch_and(&words[bit / WORD_BITS], ~mask, __ATOMIC_SEQ_CST) & mask) != 0;
}

static bool test_bit(const uint64_t *words, uint32_t bit)
{
    return (__atomic_load_n(&words[bit / WORD_BITS], __ATOMIC_SEQ_CST) >> (bit % WORD_BITS) & 1) != 0;
}

/* The upcall's interrupt, once until the guest has taken the flag. */
static void upcall(struct vcpu *vcpu)
{
    struct xen_vcpu_info *info = vcpu->domain->xen->vcpus[vcpu->id].info;

    if (__atomic_exchange_n(&info->evtchn_upcall_pending, 1, __ATOMIC_SEQ_CST) == 0) {
        vgic_pulse(vcpu, XEN_EVENT_PPI);
    }
}

void xen_mark_all_pending(struct vcpu *vcpu)
{
    struct xen_vcpu_info *info = vcpu->domain->xen->vcpus[vcpu->id].info;

    __atomic_store_n(&info->evtchn_pending_sel, UINT64_MAX, __ATOMIC_SEQ_CST);
    __atomic_store_n(&info->evtchn_upcall_pending, 1, __ATOMIC_SEQ_CST);
    vgic_pulse(vcpu, XEN_EVENT_PPI);
}

static void tell(struct domain *domain, uint32_t port)
{
    struct vcpu *vcpu = domain->vcpus[domain->xen->ports[port].vcpu];

    if (!set_bit(&domain->xen->vcpus[vcpu->id].info->evtchn_pending_sel, port / WORD_BITS)) {
        upcall(vcpu);
    }
}

static void raise_port(struct domain *domain, uint32_t port)
{
    struct xen_shared_info *shared = &domain->xen->shared.info;

    if (!set_bit(shared->evtchn_pending, port) && !test_bit(shared->evtchn_mask, port)) {
        tell(domain, port);
    }
}

/* Everything below runs under xen->lock. */
static struct xen_port *open_port(struct xen_domain *xen, uint32_t port)
{
    return port < XEN_PORTS && xen->ports[port].state != EVTCHNSTAT_closed ? &xen->ports[port] : NULL;
}

/* A free port, masked and not pending; 0 when all are taken. */
static uint32_t new_port(struct xen_domain *xen, struct xen_port port)
{
    for (uint32_t i = 1; i < XEN_PORTS; i++) {
        if (xen->ports[i].state == EVTCHNSTAT_closed) {
            xen->ports[i] = port;
            clear_bit(xen->shared.info.evtchn_pending, i);
            return i;
        }
    }
    return 0;
}

static int64_t alloc_unbound(struct vcpu *vcpu, struct xen_alloc_unbound *a)
{
    if (!xen_is_self(vcpu, a->dom)) {
        return -XEN_EPERM;
    }
    uint16_t remote = a->remote_dom == DOMID_SELF ? vcpu->domain->id : a->remote_dom;
    a->port = new_port(vcpu->domain->xen, (struct xen_port){.state = EVTCHNSTAT_unbound, .remote_domain = remote});
    return a->port == 0 ? -XEN_ENOSPC : 0;
}

static int64_t bind_interdomain(struct vcpu *vcpu, struct xen_bind_interdomain *b)
{
    struct xen_domain *xen = vcpu->domain->xen;

    if (!xen_is_self(vcpu, b->remote_dom)) {
        return -XEN_EPERM;
    }
    struct xen_port *remote = open_port(xen, b->remote_port);
    if (remote == NULL || remote->state != EVTCHNSTAT_unbound || remote->remote_domain != vcpu->domain->id) {
        return -XEN_EINVAL;
    }
    struct xen_port local = {
        .state = EVTCHNSTAT_interdomain, .remote_domain = vcpu->domain->id, .other = b->remote_port};
    b->local_port = new_port(xen, local);
    if (b->local_port == 0) {
        return -XEN_ENOSPC;
    }
    remote->state = EVTCHNSTAT_interdomain;
    remote->other = b->local_port;
    raise_port(vcpu->domain, b->local_port); /* the other end may have sent already */
    return 0;
}

/* Timer, debug, profiling: each vCPU has its own. */
static bool is_private_virq(uint32_t virq)
{
    return virq <= 1 || virq == 7 || virq == 13;
}

static int64_t bind_virq(struct vcpu *vcpu, struct xen_bind_virq *b)
{
    struct xen_domain *xen = vcpu->domain->xen;

    if (b->virq >= XEN_VIRQS || (b->vcpu != 0 && !is_private_virq(b->virq))) {
        return -XEN_EINVAL;
    }
    if (b->vcpu >= vcpu->domain->vcpu_count) {
        return -XEN_ENOENT;
    }
    for (uint32_t i = 1; i < XEN_PORTS; i++) {
        const struct xen_port *p = &xen->ports[i];
        if (p->state == EVTCHNSTAT_virq && p->other == b->virq && p->vcpu == b->vcpu) {
            return -XEN_EEXIST;
        }
    }
    b->port = new_port(xen, (struct xen_port){.state = EVTCHNSTAT_virq, .vcpu = b->vcpu, .other = b->virq});
    return b->port == 0 ? -XEN_ENOSPC : 0;
}

static int64_t bind_ipi(struct vcpu *vcpu, struct xen_bind_ipi *b)
{
    if (b->vcpu >= vcpu->domain->vcpu_count) {
        return -XEN_ENOENT;
    }
    b->port = new_port(vcpu->domain->xen, (struct xen_port){.state = EVTCHNSTAT_ipi, .vcpu = b->vcpu});
    return b->port == 0 ? -XEN_ENOSPC : 0;
}

static int64_t close_port(struct vcpu *vcpu, uint32_t port)
{
    struct xen_domain *xen = vcpu->domain->xen;
    struct xen_port *p = open_port(xen, port);

    if (p == NULL) {
        return -XEN_EINVAL;
    }
    if (p->state == EVTCHNSTAT_interdomain) {
        xen->ports[p->other].state = EVTCHNSTAT_unbound;
    }
    *p = (struct xen_port){.state = EVTCHNSTAT_closed};
    clear_bit(xen->shared.info.evtchn_pending, port);
    return 0;
}

static int64_t send(struct vcpu *vcpu, uint32_t port)
{
    const struct xen_port *p = open_port(vcpu->domain->xen, port);

    if (p == NULL) {
        return -XEN_EINVAL;
    }
    switch (p->state) {
    case EVTCHNSTAT_interdomain:
        raise_port(vcpu->domain, p->other);
        return 0;
    case EVTCHNSTAT_ipi:
        raise_port(vcpu->domain, port);
        return 0;
    case EVTCHNSTAT_unbound:
        return 0; /* nobody listens */
    default:
        return -XEN_EINVAL;
    }
}

static int64_t status(struct vcpu *vcpu, struct xen_event_status *s)
{
    if (!xen_is_self(vcpu, s->dom)) {
        return -XEN_EPERM;
    }
    if (s->port >= XEN_PORTS) {
        return -XEN_EINVAL;
    }
    const struct xen_port *p = &vcpu->domain->xen->ports[s->port];
    s->status = p->state;
    s->vcpu = p->vcpu;
    if (p->state == EVTCHNSTAT_unbound) {
        s->u.unbound.dom = p->remote_domain;
    } else if (p->state == EVTCHNSTAT_interdomain) {
        s->u.interdomain.dom = p->remote_domain;
        s->u.interdomain.port = p->other;
    } else if (p->state == EVTCHNSTAT_virq) {
        s->u.virq = p->other;
    }
    return 0;
}

static int64_t bind_vcpu(struct vcpu *vcpu, const struct xen_bind_vcpu *b)
{
    struct xen_port *p = open_port(vcpu->domain->xen, b->port);

    if (b->vcpu >= vcpu->domain->vcpu_count) {
        return -XEN_ENOENT;
    }
    if (p == NULL || p->state == EVTCHNSTAT_ipi || (p->state == EVTCHNSTAT_virq && is_private_virq(p->other))) {
        return -XEN_EINVAL;
    }
    p->vcpu = b->vcpu;
    return 0;
}

static int64_t unmask(struct vcpu *vcpu, uint32_t port)
{
    struct xen_domain *xen = vcpu->domain->xen;

    if (open_port(xen, port) == NULL) {
        return -XEN_EINVAL;
    }
    if (clear_bit(xen->shared.info.evtchn_mask, port) && test_bit(xen->shared.info.evtchn_pending, port)) {
        tell(vcpu->domain, port);
    }
    return 0;
}

static int64_t reset(struct vcpu *vcpu, uint16_t domid)
{
    if (!xen_is_self(vcpu, domid)) {
        return -XEN_EPERM;
    }
    for (uint32_t i = 1; i < XEN_PORTS; i++) {
        if (open_port(vcpu->domain->xen, i) != NULL && close_port(vcpu, i) != 0) {
            return -XEN_EINVAL;
        }
    }
    return 0;
}

/* Any argument record; the first bytes are the same in all that have a port alone. */
union argument {
    struct xen_alloc_unbound alloc_unbound;
    struct xen_bind_interdomain bind_interdomain;
    struct xen_bind_virq bind_virq;
    struct xen_bind_ipi bind_ipi;
    struct xen_bind_vcpu bind_vcpu;
    struct xen_event_status status;
    uint32_t port;
    uint16_t dom;
};

static size_t argument_size(uint64_t command)
{
    static const uint8_t sizes[] = {
        [EVTCHNOP_bind_interdomain] = sizeof(struct xen_bind_interdomain),
        [EVTCHNOP_bind_virq] = sizeof(struct xen_bind_virq),
        [EVTCHNOP_close] = sizeof(uint32_t),
        [EVTCHNOP_send] = sizeof(uint32_t),
        [EVTCHNOP_status] = sizeof(struct xen_event_status),
        [EVTCHNOP_alloc_unbound] = sizeof(struct xen_alloc_unbound),
        [EVTCHNOP_bind_ipi] = sizeof(struct xen_bind_ipi),
        [EVTCHNOP_bind_vcpu] = sizeof(struct xen_bind_vcpu),
        [EVTCHNOP_unmask] = sizeof(uint32_t),
        [EVTCHNOP_reset] = sizeof(uint16_t),
    };

    return command < sizeof(sizes) ? sizes[command] : 0;
}

static int64_t operate(struct vcpu *vcpu, uint64_t command, union argument *a)
{
    switch (command) {
    case EVTCHNOP_bind_interdomain:
        return bind_interdomain(vcpu, &a->bind_interdomain);
    case EVTCHNOP_bind_virq:
        return bind_virq(vcpu, &a->bind_virq);
    case EVTCHNOP_close:
        return close_port(vcpu, a->port);
    case EVTCHNOP_send:
        return send(vcpu, a->port);
    case EVTCHNOP_status:
        return status(vcpu, &a->status);
    case EVTCHNOP_alloc_unbound:
        return alloc_unbound(vcpu, &a->alloc_unbound);
    case EVTCHNOP_bind_ipi:
        return bind_ipi(vcpu, &a->bind_ipi);
    case EVTCHNOP_bind_vcpu:
        return bind_vcpu(vcpu, &a->bind_vcpu);
    case EVTCHNOP_unmask:
        return unmask(vcpu, a->port);
    case EVTCHNOP_reset:
        return reset(vcpu, a->dom);
    default:
        return -XEN_ENOSYS; /* the FIFO interface among others: guests fall back to 2-level */
    }
}

static bool has_answer(uint64_t command)
{
    return command <= EVTCHNOP_bind_virq || (command >= EVTCHNOP_status && command <= EVTCHNOP_bind_ipi);
}

int64_t xen_event_channel_op(struct vcpu *vcpu, uint64_t command, uint64_t argument)
{
    struct xen_domain *xen = vcpu->domain->xen;
    size_t size = argument_size(command);
    union argument a = {0};

    if (size == 0) {
        return -XEN_ENOSYS;
    }
    if (xen_copy_from(vcpu, &a, argument, size) != XI_OK) {
        return -XEN_EFAULT;
    }
    spin_lock(&xen->lock);
    int64_t answer = operate(vcpu, command, &a);
    spin_unlock(&xen->lock);
    if (answer == 0 && has_answer(command) && xen_copy_to(vcpu, argument, &a, size) != XI_OK) {
        return -XEN_EFAULT;
    }
    return answer;
}
