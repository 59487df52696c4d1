/* SPDX-License-Identifier: Apache-2.0 */
/* Event channels: a domain's ports, and the calls about them (public/event_channel.h). Where a port leads to another
 * domain is event_peer.c's, how it is shown to the guest event_deliver.c's. */
#include <stddef.h>
#include <stdint.h>

#include <xi/domain.h>
#include <xi/vcpu.h>

#include "state.h"

#define RESET_PORTS 32u /* closed before the call is made again, so that interrupts are taken in between */

struct xen_port *xen_open_port(struct xen_domain *xen, uint32_t port)
{
    return port < XEN_PORTS && xen->ports[port].state != EVTCHNSTAT_closed ? &xen->ports[port] : NULL;
}

uint32_t xen_new_port(struct domain *domain, struct xen_port port)
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

static int64_t alloc_unbound(struct vcpu *vcpu, struct xen_alloc_unbound *a)
{
    uint16_t remote = a->remote_dom == DOMID_SELF ? vcpu->domain->id : a->remote_dom;
    int64_t answer = xen_check_self(vcpu, a->dom);

    if (answer == 0 && !xen_is_peer(vcpu->domain, remote)) {
        answer = xen_check_self(vcpu, remote);
    }
    if (answer != 0) {
        return answer;
    }
    a->port = xen_new_port(vcpu->domain, (struct xen_port){.state = EVTCHNSTAT_unbound, .remote_domain = remote});
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
    b->port = xen_new_port(vcpu->domain, (struct xen_port){.state = EVTCHNSTAT_virq, .vcpu = b->vcpu, .other = b->virq});
    return b->port == 0 ? -XEN_ENOSPC : 0;
}

static int64_t bind_ipi(struct vcpu *vcpu, struct xen_bind_ipi *b)
{
    if (b->vcpu >= vcpu->domain->vcpu_count) {
        return -XEN_ENOENT;
    }
    b->port = xen_new_port(vcpu->domain, (struct xen_port){.state = EVTCHNSTAT_ipi, .vcpu = b->vcpu});
    return b->port == 0 ? -XEN_ENOSPC : 0;
}

static int64_t status(struct vcpu *vcpu, struct xen_event_status *s)
{
    int64_t answer = xen_check_self(vcpu, s->dom);

    if (answer != 0) {
        return answer;
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
    struct xen_port *p = xen_open_port(vcpu->domain->xen, b->port);

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
    if (xen_open_port(vcpu->domain->xen, port) == NULL) {
        return -XEN_EINVAL;
    }
    xen_unmask(vcpu->domain, port);
    return 0;
}

static int64_t reset(struct vcpu *vcpu, uint16_t domid)
{
    int64_t answer = xen_check_self(vcpu, domid);

    if (answer != 0) {
        return answer;
    }
    if (xen_close_some(vcpu->domain, RESET_PORTS)) {
        vcpu->regs.pc -= 4; /* the HVC again, for the rest; x0 is its command still */
        return EVTCHNOP_reset;
    }
    spin_lock(&vcpu->domain->xen->lock);
    xen_fifo_reset(vcpu->domain);
    spin_unlock(&vcpu->domain->xen->lock);
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
        return xen_bind_interdomain(vcpu, &a->bind_interdomain);
    case EVTCHNOP_close:
        return xen_close_port(vcpu->domain, a->port);
    case EVTCHNOP_send:
        return xen_send(vcpu->domain, a->port);
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
