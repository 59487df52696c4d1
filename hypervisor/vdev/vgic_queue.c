/* SPDX-License-Identifier: Apache-2.0 */
/* Which vCPU an interrupt waits for: the queue of each vCPU holds those that are active on it, and those that are enabled
 * and pending for it, by urgency. Arm IHI 0069, 4.8 "Interrupt prioritization". */
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
    if (!__atomic_load_n(&vcpu->vgic.stale, __ATOMIC_RELAXED)) { /* cleared under the lock alone */
        __atomic_store_n(&vcpu->vgic.stale, true, __ATOMIC_RELEASE);
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

bool vgic_forwards(const struct vgic_domain *vgic, const struct vgic_irq *irq)
{
    return irq->group1 ? vgic->group1 : vgic->group0;
}

static uint8_t list_of(const struct vgic_irq *irq)
{
    uint32_t kind = irq->active ? VGIC_ACTIVE : irq->group1 ? VGIC_GROUP1 : VGIC_GROUP0;

    return (uint8_t)(kind * VGIC_LEVELS + irq->priority / (256 / VGIC_LEVELS));
}

static void enqueue(struct vcpu *vcpu, struct vgic_irq *irq, uint8_t list)
{
    struct vgic_queue *queue = &vcpu->vgic.queue;
    struct vgic_irq *first = queue->first[list];

    irq->next = NULL;
    if (first == NULL) {
        queue->first[list] = irq;
        queue->levels[list / VGIC_LEVELS] |= 1u << (list % VGIC_LEVELS);
        irq->prev = irq;
    } else {
        irq->prev = first->prev;
        first->prev->next = irq;
        first->prev = irq;
    }
    queue->count[list / VGIC_LEVELS]++;
    irq->queue = vcpu;
    irq->list = list;
}

void vgic_dequeue(struct vgic_irq *irq)
{
    if (irq->queue == NULL) {
        return;
    }
    struct vgic_queue *queue = &irq->queue->vgic.queue;
    uint32_t kind = irq->list / VGIC_LEVELS;
    struct vgic_irq *first = queue->first[irq->list];

    if (irq != first) {
        irq->prev->next = irq->next;
        (irq->next != NULL ? irq->next : first)->prev = irq->prev;
    } else if (irq->next != NULL) {
        irq->next->prev = irq->prev;
        queue->first[irq->list] = irq->next;
    } else {
        queue->first[irq->list] = NULL;
        queue->levels[kind] &= ~(1u << (irq->list % VGIC_LEVELS));
    }
    queue->count[kind]--;
    irq->queue = NULL;
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

/* An interrupt stays with the vCPU that has taken it, or whose list register shows it, until that is read back; a new
 * route counts from then on. One that changes nothing for the queue keeps its place in it. */
void vgic_settle(struct vgic_change *change, struct vgic_irq *irq)
{
    if (irq->assigned) {
        let_go(irq);
    }
    bool held = irq->active || irq->lr != VGIC_NO_LR;
    bool looks = held || vgic_forwards(change->vgic, irq);
    struct vcpu *before = irq->queue;
    struct vcpu *place = held && before != NULL                               ? before
                         : held || (irq->enabled && vgic_is_pending(irq)) ? irq->owner
                                                                              : NULL;
    uint8_t list = list_of(irq);

    if (place != before || list != irq->list) {
        vgic_dequeue(irq);
        if (place != NULL) {
            enqueue(place, irq, list);
        }
    }
    if (looks && before != NULL) {
        vgic_mark(change, before);
    }
    if (looks && place != NULL && place != before) {
        vgic_mark(change, place);
    }
}
