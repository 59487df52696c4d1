/* SPDX-License-Identifier: Apache-2.0 */
/* Which vCPU an interrupt waits for: the queue of each vCPU holds those that are active on it or may be
 * delivered to it, most urgent first. Arm IHI 0069, 4.8 "Interrupt prioritization". */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/irq.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>

#include "vgic_state.h"

struct vgic_change vgic_begin(struct domain *domain)
{
    spin_lock(&domain->vgic.lock);
    return (struct vgic_change){.vgic = &domain->vgic};
}

/* The vCPU that is in a trap here synchronises on its way out: it needs no kick. */
void vgic_end(struct vgic_change *change)
{
    struct domain *domain = change->vgic->domain;
    const struct vcpu *here = arch_current_vcpu();

    spin_unlock(&change->vgic->lock);
    for (uint32_t word = 0; word < VGIC_MAX_VCPUS / 64; word++) {
        for (uint64_t bits = change->kicks[word]; bits != 0; bits &= bits - 1) {
            struct vcpu *vcpu = domain->vcpus[word * 64 + (uint32_t)__builtin_ctzll(bits)];
            if (vcpu != here) {
                vcpu_kick(vcpu);
            }
        }
    }
}

void vgic_mark(struct vgic_change *change, struct vcpu *vcpu)
{
    if (!__atomic_exchange_n(&vcpu->vgic.stale, true, __ATOMIC_RELEASE)) {
        change->kicks[vcpu->id / 64] |= 1ULL << (vcpu->id % 64);
    }
}

struct vgic_irq *vgic_find(struct vgic_domain *vgic, struct vcpu *vcpu, uint32_t intid)
{
    if (vcpu != NULL) {
        return intid < VGIC_PRIVATE ? &vcpu->vgic.irqs[intid] : NULL;
    }
    return intid >= VGIC_PRIVATE && intid - VGIC_PRIVATE < vgic->spi_count ? &vgic->spis[intid - VGIC_PRIVATE] : NULL;
}

bool vgic_is_pending(const struct vgic_irq *irq)
{
    return irq->latch || (!irq->edge && irq->line);
}

bool vgic_deliverable(const struct vgic_domain *vgic, const struct vgic_irq *irq)
{
    return irq->enabled && vgic_is_pending(irq) && (irq->group1 ? vgic->group1 : vgic->group0);
}

/* Between equals, an active one keeps its list register; then the lower number wins. */
static bool more_urgent(const struct vgic_irq *a, const struct vgic_irq *b)
{
    if (a->priority != b->priority) {
        return a->priority < b->priority;
    }
    return a->active != b->active ? a->active : a->intid < b->intid;
}

static void enqueue(struct vcpu *vcpu, struct vgic_irq *irq)
{
    struct vgic_irq **at = &vcpu->vgic.queue;

    while (*at != NULL && more_urgent(*at, irq)) {
        at = &(*at)->next;
    }
    irq->next = *at;
    *at = irq;
    irq->queue = vcpu;
}

static void dequeue(struct vgic_irq *irq)
{
    struct vgic_irq **at = &irq->queue->vgic.queue;

    while (*at != irq) {
        at = &(*at)->next;
    }
    *at = irq->next;
    irq->next = NULL;
    irq->queue = NULL;
}

/* An interrupt stays with the vCPU that has taken it, or whose list register shows it, until that is
 * read back; a new route counts from then on. */
static struct vcpu *place_of(const struct vgic_domain *vgic, const struct vgic_irq *irq)
{
    bool held = irq->active || irq->lr != VGIC_NO_LR;

    if (held && irq->queue != NULL) {
        return irq->queue;
    }
    return held || vgic_deliverable(vgic, irq) ? irq->owner : NULL;
}

/* The machine's interrupt is active while ours is pending or active. The guest's end of it ends both, through a list
 * register that is tied; whatever else takes ours away ends the machine's here. A level that the guest does not want
 * is given back: the machine asks again as long as it lasts. */
static void let_go(struct vgic_irq *irq)
{
    if (!irq->hw || irq->active || irq->lr != VGIC_NO_LR) {
        return;
    }
    irq->latch = irq->latch && (irq->edge || irq->enabled);
    if (!irq->latch) {
        irq->hw = false;
        irq_assigned_end(irq->physical);
    }
}

void vgic_settle(struct vgic_change *change, struct vgic_irq *irq)
{
    if (irq->assigned) {
        let_go(irq);
    }
    struct vcpu *place = place_of(change->vgic, irq);

    if (irq->queue != NULL) {
        vgic_mark(change, irq->queue);
        dequeue(irq);
    }
    if (place != NULL) {
        enqueue(place, irq);
        vgic_mark(change, place);
    }
}
