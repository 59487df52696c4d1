/* SPDX-License-Identifier: Apache-2.0 */
/* Event channels: which port leads where (public/event_channel.h). How a port is shown to the guest is
 * event_deliver.c's. Each domain's ports are under its own lock; what concerns two domains takes both, or one
 * after the other. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/hypercall.h>
#include <xi/stage2.h>
#include <xi/vcpu.h>

#include "state.h"

static void lock_both(struct domain *a, struct domain *b)
{
    struct domain *first = a->id <= b->id ? a : b;

    spin_lock(&first->xen->lock);
    if (a != b) {
        spin_lock(first == a ? &b->xen->lock : &a->xen->lock);
    }
}

static void unlock_both(struct domain *a, struct domain *b)
{
    spin_unlock(&a->xen->lock);
    if (a != b) {
        spin_unlock(&b->xen->lock);
    }
}

void *xen_shared_with_guest(struct domain *domain, uint64_t gfn, uint32_t offset, size_t size)
{
    pa_t pa;

    if (gfn > UINT64_MAX / XI_PAGE || offset % sizeof(uint64_t) != 0 || size > XI_PAGE || offset > XI_PAGE - size ||
        stage2_translate(&domain->stage2, (ipa_t){gfn * XI_PAGE + offset}, &pa) != XI_OK) {
        return NULL;
    }
    return arch_pa_to_va(pa);
}

static struct xen_port *open_port(struct xen_domain *xen, uint32_t port)
{
    return port < XEN_PORTS && xen->ports[port].state != EVTCHNSTAT_closed ? &xen->ports[port] : NULL;
}

/* A free port, masked and not pending; 0 when all are taken. */
static uint32_t new_port(struct domain *domain, struct xen_port port)
{
    struct xen_domain *xen = domain->xen;

    port.priority = EVTCHN_FIFO_PRIORITY_DEFAULT;
    for (uint32_t i = 1; i < XEN_PORTS; i++) {
        if (xen->ports[i].state == EVTCHNSTAT_closed) {
            /* It may be in a queue still: the guest has not looked since it was closed. */
            port.queue_vcpu = xen->ports[i].queue_vcpu;
            port.queue_priority = xen->ports[i].queue_priority;
            xen->ports[i] = port;
            xen_forget_pending(domain, i);
            return i;
        }
    }
    return 0;
}

static void close(struct domain *domain, uint32_t port)
{
    domain->xen->ports[port].state = EVTCHNSTAT_closed;
    xen_forget_pending(domain, port);
}

static int64_t alloc_unbound(struct vcpu *vcpu, struct xen_alloc_unbound *a)
{
    if (!xen_is_self(vcpu, a->dom)) {
        return -XEN_EPERM;
    }
    uint16_t remote = a->remote_dom == DOMID_SELF ? vcpu->domain->id : a->remote_dom;
    a->port = new_port(vcpu->domain, (struct xen_port){.state = EVTCHNSTAT_unbound, .remote_domain = remote});
    return a->port == 0 ? -XEN_ENOSPC : 0;
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
    b->port = new_port(vcpu->domain, (struct xen_port){.state = EVTCHNSTAT_virq, .vcpu = b->vcpu, .other = b->virq});
    return b->port == 0 ? -XEN_ENOSPC : 0;
}

static int64_t bind_ipi(struct vcpu *vcpu, struct xen_bind_ipi *b)
{
    if (b->vcpu >= vcpu->domain->vcpu_count) {
        return -XEN_ENOENT;
    }
    b->port = new_port(vcpu->domain, (struct xen_port){.state = EVTCHNSTAT_ipi, .vcpu = b->vcpu});
    return b->port == 0 ? -XEN_ENOSPC : 0;
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
    if (open_port(vcpu->domain->xen, port) == NULL) {
        return -XEN_EINVAL;
    }
    xen_unmask(vcpu->domain, port);
    return 0;
}

/* Both domains locked. */
static int64_t bind(struct vcpu *vcpu, struct domain *other, struct xen_bind_interdomain *b)
{
    struct xen_port *remote = open_port(other->xen, b->remote_port);

    if (remote == NULL || remote->state != EVTCHNSTAT_unbound || remote->remote_domain != vcpu->domain->id) {
        return -XEN_EINVAL;
    }
    struct xen_port local = {.state = EVTCHNSTAT_interdomain, .remote_domain = other->id, .other = b->remote_port};
    b->local_port = new_port(vcpu->domain, local);
    if (b->local_port == 0) {
        return -XEN_ENOSPC;
    }
    remote->state = EVTCHNSTAT_interdomain;
    remote->other = b->local_port;
    xen_raise(vcpu->domain, b->local_port); /* the other end may have sent already */
    return 0;
}

static int64_t bind_interdomain(struct vcpu *vcpu, struct xen_bind_interdomain *b)
{
    struct domain *other = domain_by_id(b->remote_dom == DOMID_SELF ? vcpu->domain->id : b->remote_dom);

    if (other == NULL) {
        return -XEN_ESRCH;
    }
    lock_both(vcpu->domain, other);
    int64_t answer = bind(vcpu, other, b);
    unlock_both(vcpu->domain, other);
    return answer;
}

/* The port as it is now. Once the lock is gone, it may have changed: who acts on it looks again. */
static struct xen_port look(struct domain *domain, uint32_t port)
{
    struct xen_port seen = {.state = EVTCHNSTAT_closed};

    if (port < XEN_PORTS) {
        spin_lock(&domain->xen->lock);
        seen = domain->xen->ports[port];
        spin_unlock(&domain->xen->lock);
    }
    return seen;
}

static bool is_end_of(const struct xen_port *p, const struct domain *domain, uint32_t port)
{
    return p->state == EVTCHNSTAT_interdomain && p->remote_domain == domain->id && p->other == port;
}

static int64_t close_port(struct domain *domain, uint32_t port)
{
    struct xen_port seen = look(domain, port);
    struct domain *other = seen.state == EVTCHNSTAT_interdomain ? domain_by_id(seen.remote_domain) : domain;

    if (seen.state == EVTCHNSTAT_closed || seen.fixed) {
        return -XEN_EINVAL;
    }
    lock_both(domain, other);
    struct xen_port *p = &domain->xen->ports[port];
    bool same = p->state == seen.state && p->remote_domain == seen.remote_domain && p->other == seen.other;
    if (same) {
        struct xen_port *end = &other->xen->ports[seen.other % XEN_PORTS];
        if (seen.state == EVTCHNSTAT_interdomain && is_end_of(end, domain, port)) {
            end->state = EVTCHNSTAT_unbound;
        }
        close(domain, port);
    }
    unlock_both(domain, other);
    return same ? 0 : -XEN_EBUSY;
}

static int64_t send(struct domain *domain, uint32_t port)
{
    struct xen_port seen = look(domain, port);
    struct domain *to = seen.state == EVTCHNSTAT_interdomain ? domain_by_id(seen.remote_domain) : domain;
    uint32_t there = seen.state == EVTCHNSTAT_interdomain ? seen.other : port;

    if (seen.state == EVTCHNSTAT_unbound) {
        return 0; /* nobody listens */
    }
    if (seen.state != EVTCHNSTAT_interdomain && seen.state != EVTCHNSTAT_ipi) {
        return -XEN_EINVAL;
    }
    spin_lock(&to->xen->lock);
    const struct xen_port *p = &to->xen->ports[there];
    if (seen.state == EVTCHNSTAT_ipi ? p->state == EVTCHNSTAT_ipi : is_end_of(p, domain, port)) {
        xen_raise(to, there);
    }
    spin_unlock(&to->xen->lock);
    return 0;
}

static void close_all(struct domain *domain)
{
    for (uint32_t i = 1; i < XEN_PORTS; i++) {
        (void)close_port(domain, i); /* what is closed or fixed stays so */
    }
}

static int64_t reset(struct vcpu *vcpu, uint16_t domid)
{
    if (!xen_is_self(vcpu, domid)) {
        return -XEN_EPERM;
    }
    close_all(vcpu->domain);
    spin_lock(&vcpu->domain->xen->lock);
    xen_fifo_reset(vcpu->domain);
    spin_unlock(&vcpu->domain->xen->lock);
    return 0;
}

void xen_domain_close(struct domain *domain)
{
    spin_lock(&domain->xen->lock);
    domain->xen->open = false;
    spin_unlock(&domain->xen->lock);
    close_all(domain);
}

static void fix(struct domain *domain, uint32_t port, const struct domain *other, uint32_t end)
{
    domain->xen->ports[port] = (struct xen_port){
        .state = EVTCHNSTAT_interdomain,
        .fixed = true,
        .priority = EVTCHN_FIFO_PRIORITY_DEFAULT,
        .remote_domain = other->id,
        .other = end,
    };
}

void xen_connect(struct domain *a, uint32_t port_a, struct domain *b, uint32_t port_b)
{
    fix(a, port_a, b, port_b);
    fix(b, port_b, a, port_a);
}

/* Any argument record; the first bytes are the same in all that have a port alone. */
union argument {
    struct xen_alloc_unbound alloc_unbound;
    struct xen_bind_interdomain bind_interdomain;
    struct xen_bind_virq bind_virq;
    struct xen_bind_ipi bind_ipi;
    struct xen_bind_vcpu bind_vcpu;
    struct xen_event_status status;
    struct xen_init_control init_control;
    struct xen_set_priority set_priority;
    uint64_t array_gfn;
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
        [EVTCHNOP_init_control] = sizeof(struct xen_init_control),
        [EVTCHNOP_expand_array] = sizeof(uint64_t),
        [EVTCHNOP_set_priority] = sizeof(struct xen_set_priority),
    };

    return command < sizeof(sizes) ? sizes[command] : 0;
}

/* What touches this domain alone, under its lock. */
static int64_t operate_locked(struct vcpu *vcpu, uint64_t command, union argument *a)
{
    switch (command) {
    case EVTCHNOP_bind_virq:
        return bind_virq(vcpu, &a->bind_virq);
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
    case EVTCHNOP_init_control:
        return xen_fifo_init_control(vcpu->domain, &a->init_control);
    case EVTCHNOP_expand_array:
        return xen_fifo_expand_array(vcpu->domain, a->array_gfn);
    case EVTCHNOP_set_priority:
        return xen_fifo_set_priority(vcpu->domain, &a->set_priority);
    default:
        return -XEN_ENOSYS;
    }
}

static int64_t operate(struct vcpu *vcpu, uint64_t command, union argument *a)
{
    switch (command) {
    case EVTCHNOP_bind_interdomain:
        return bind_interdomain(vcpu, &a->bind_interdomain);
    case EVTCHNOP_close:
        return close_port(vcpu->domain, a->port);
    case EVTCHNOP_send:
        return send(vcpu->domain, a->port);
    case EVTCHNOP_reset:
        return reset(vcpu, a->dom);
    default:
        spin_lock(&vcpu->domain->xen->lock);
        int64_t answer = operate_locked(vcpu, command, a);
        spin_unlock(&vcpu->domain->xen->lock);
        return answer;
    }
}

static bool has_answer(uint64_t command)
{
    return command <= EVTCHNOP_bind_virq || (command >= EVTCHNOP_status && command <= EVTCHNOP_bind_ipi) ||
           command == EVTCHNOP_init_control;
}

int64_t xen_event_channel_op(struct vcpu *vcpu, uint64_t command, uint64_t argument)
{
    size_t size = argument_size(command);
    union argument a = {0};

    if (size == 0) {
        return -XEN_ENOSYS;
    }
    if (xen_copy_from(vcpu, &a, argument, size) != XI_OK) {
        return -XEN_EFAULT;
    }
    int64_t answer = operate(vcpu, command, &a);
    if (answer == 0 && has_answer(command) && xen_copy_to(vcpu, argument, &a, size) != XI_OK) {
        return -XEN_EFAULT;
    }
    return answer;
}
