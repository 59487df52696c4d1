/* SPDX-License-Identifier: Apache-2.0 */
/* Channels: two ports, of two domains or of one. Each domain's ports are under its own lock; what concerns two
 * domains takes both, or one after the other. */
#include <stdint.h>

#include <xi/domain.h>
#include <xi/hypercall.h>
#include <xi/pv.h>
#include <xi/vcpu.h>

#include "state.h"

void xen_lock_both(struct domain *a, struct domain *b)
{
    struct domain *first = a->id <= b->id ? a : b;

    spin_lock(&first->xen->lock);
    if (a != b) {
        spin_lock(first == a ? &b->xen->lock : &a->xen->lock);
    }
}

void xen_unlock_both(struct domain *a, struct domain *b)
{
    spin_unlock(&a->xen->lock);
    if (a != b) {
        spin_unlock(&b->xen->lock);
    }
}

bool xen_is_peer(const struct domain *domain, uint32_t id)
{
    return id == domain->id || (id - 1 < CONFIG_MAX_DOMAINS && (domain->config->peers >> (id - 1) & 1) != 0);
}

static void close(struct domain *domain, uint32_t port)
{
    domain->xen->ports[port].state = EVTCHNSTAT_closed;
    xen_forget_pending(domain, port);
}

/* Both domains locked. */
static int64_t bind(struct vcpu *vcpu, struct domain *other, struct xen_bind_interdomain *b)
{
    struct xen_port *remote = xen_open_port(other->xen, b->remote_port);

    if (remote == NULL || remote->state != EVTCHNSTAT_unbound || remote->remote_domain != vcpu->domain->id) {
        return -XEN_EINVAL;
    }
    struct xen_port local = {.state = EVTCHNSTAT_interdomain, .remote_domain = other->id, .other = b->remote_port};
    b->local_port = xen_new_port(vcpu->domain, local);
    if (b->local_port == 0) {
        return -XEN_ENOSPC;
    }
    remote->state = EVTCHNSTAT_interdomain;
    remote->other = b->local_port;
    xen_raise(vcpu->domain, b->local_port); /* the other end may have sent already */
    return 0;
}

int64_t xen_bind_interdomain(struct vcpu *vcpu, struct xen_bind_interdomain *b)
{
    struct domain *other = domain_by_id(b->remote_dom == DOMID_SELF ? vcpu->domain->id : b->remote_dom);

    if (other == NULL) {
        return -XEN_ESRCH;
    }
    if (!xen_is_peer(vcpu->domain, other->id)) {
        return -XEN_EPERM;
    }
    xen_lock_both(vcpu->domain, other);
    int64_t answer = bind(vcpu, other, b);
    xen_unlock_both(vcpu->domain, other);
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

int64_t xen_close_port(struct domain *domain, uint32_t port)
{
    struct xen_port seen = look(domain, port);
    struct domain *other = seen.state == EVTCHNSTAT_interdomain ? domain_by_id(seen.remote_domain) : domain;

    if (seen.state == EVTCHNSTAT_closed || seen.fixed) {
        return -XEN_EINVAL;
    }
    xen_lock_both(domain, other);
    struct xen_port *p = &domain->xen->ports[port];
    bool same = p->state == seen.state && p->remote_domain == seen.remote_domain && p->other == seen.other;
    if (same) {
        struct xen_port *end = &other->xen->ports[seen.other % XEN_PORTS];
        if (seen.state == EVTCHNSTAT_interdomain && is_end_of(end, domain, port)) {
            end->state = EVTCHNSTAT_unbound;
        }
        close(domain, port);
    }
    xen_unlock_both(domain, other);
    return same ? 0 : -XEN_EBUSY;
}

int64_t xen_send(struct domain *domain, uint32_t port)
{
    struct xen_port seen = look(domain, port);
    struct domain *to = seen.state == EVTCHNSTAT_interdomain ? domain_by_id(seen.remote_domain) : domain;
    uint32_t there = seen.state == EVTCHNSTAT_interdomain ? seen.other : port;

    if (seen.state == EVTCHNSTAT_unbound) {
        return 0; /* nobody listens */
    }
    if (seen.state != EVTCHNSTAT_interdomain && seen.state != EVTCHNSTAT_ipi) {
        return pv_send(domain, port);
    }
    spin_lock(&to->xen->lock);
    const struct xen_port *p = &to->xen->ports[there];
    if (seen.state == EVTCHNSTAT_ipi ? p->state == EVTCHNSTAT_ipi : is_end_of(p, domain, port)) {
        xen_raise(to, there);
    }
    spin_unlock(&to->xen->lock);
    return 0;
}

bool xen_close_some(struct domain *domain, uint32_t most)
{
    uint32_t tried = 0;

    for (uint32_t i = 1; i < XEN_PORTS; i++) {
        const struct xen_port *p = &domain->xen->ports[i];
        /* Without the lock: the closing looks again. */
        if (__atomic_load_n(&p->state, __ATOMIC_RELAXED) == EVTCHNSTAT_closed || p->fixed) {
            continue;
        }
        if (tried++ == most) {
            return true;
        }
        (void)xen_close_port(domain, i);
    }
    return false;
}

void xen_domain_close(struct domain *domain)
{
    spin_lock(&domain->xen->lock);
    domain->xen->open = false;
    xen_stop_watchdogs(domain->xen);
    spin_unlock(&domain->xen->lock);
    (void)xen_close_some(domain, XEN_PORTS);
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
