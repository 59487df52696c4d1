/* SPDX-License-Identifier: Apache-2.0 */
/* How a pending port reaches its vCPU. Here the 2-level interface: a bit a port in the shared page, a bit a
 * word in the vCPU's info, one flag for all, and an interrupt (public/event_channel.h, public/xen.h). The guest
 * may write all of these at any time. */
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

void xen_upcall(struct vcpu *vcpu)
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
        xen_upcall(vcpu);
    }
}

void xen_raise(struct domain *domain, uint32_t port)
{
    struct xen_domain *xen = domain->xen;

    if (!xen->open) {
        return;
    }
    if (xen->fifo) {
        xen_fifo_raise(domain, port);
    } else if (!set_bit(xen->shared.info.evtchn_pending, port) && !test_bit(xen->shared.info.evtchn_mask, port)) {
        tell(domain, port);
    }
}

void xen_unmask(struct domain *domain, uint32_t port)
{
    struct xen_shared_info *shared = &domain->xen->shared.info;

    if (domain->xen->fifo) {
        xen_fifo_unmask(domain, port);
    } else if (clear_bit(shared->evtchn_mask, port) && test_bit(shared->evtchn_pending, port)) {
        tell(domain, port);
    }
}

void xen_forget_pending(struct domain *domain, uint32_t port)
{
    clear_bit(domain->xen->shared.info.evtchn_pending, port);
    xen_fifo_forget_pending(domain, port);
}
