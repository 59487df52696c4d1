/* SPDX-License-Identifier: Apache-2.0 */
/* The state of interrupts, as devices, the guest's register accesses and resets change it.
 * Arm IHI 0069, 4.1 "Interrupt lifecycle". */
#include <stddef.h>
#include <stdint.h>

#include <xi/domain.h>
#include <xi/irq.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>

#include "vgic_state.h"

#define FIRST_PPI 16u

bool vgic_is_stale(const struct vcpu *vcpu)
{
    return __atomic_load_n(&vcpu->vgic.stale, __ATOMIC_ACQUIRE);
}

void vgic_set_stale(struct vcpu *vcpu)
{
    __atomic_store_n(&vcpu->vgic.stale, true, __ATOMIC_RELEASE);
}

bool vgic_reads_pending(const struct vgic_irq *irq)
{
    bool shown = irq->lr != VGIC_NO_LR && irq->carried && (irq->fix & FIX_DROP_PENDING) == 0;

    return shown || vgic_is_pending(irq);
}

bool vgic_reads_active(const struct vgic_irq *irq)
{
    if ((irq->fix & (FIX_ACTIVATE | FIX_DEACTIVATE)) != 0) {
        return (irq->fix & FIX_ACTIVATE) != 0;
    }
    return irq->active;
}

void vgic_write_enabled(struct vgic_change *change, struct vgic_irq *irq, bool enabled)
{
    irq->enabled = enabled;
    if (irq->assigned && enabled && !change->vgic->closed) {
        irq_assigned_enable(irq->physical, irq->owner);
    } else if (irq->assigned) {
        irq_assigned_disable(irq->physical);
    }
    vgic_settle(change, irq);
}

void vgic_write_owner(struct vgic_change *change, struct vgic_irq *irq, struct vcpu *owner)
{
    irq->owner = owner;
    if (irq->assigned && irq->enabled && !change->vgic->closed) {
        irq_assigned_enable(irq->physical, owner);
    }
    vgic_settle(change, irq);
}

void vgic_write_pending(struct vgic_change *change, struct vgic_irq *irq, bool value)
{
    irq->latch = value;
    if (!value && irq->lr != VGIC_NO_LR) {
        irq->fix |= FIX_DROP_PENDING;
    }
    vgic_settle(change, irq);
}

void vgic_write_active(struct vgic_change *change, struct vgic_irq *irq, bool value)
{
    if (irq->lr == VGIC_NO_LR) {
        irq->active = value;
    } else {
        irq->fix &= FIX_DROP_PENDING;
        irq->fix |= value ? FIX_ACTIVATE : FIX_DEACTIVATE;
    }
    vgic_settle(change, irq);
}

static void drive(struct domain *domain, struct vcpu *vcpu, uint32_t intid, bool high)
{
    struct vgic_change change = vgic_begin(domain);
    struct vgic_irq *irq = vgic_find(change.vgic, vcpu, intid);

    if (irq != NULL && irq->line != high) {
        irq->line = high;
        irq->latch = irq->latch || (irq->edge && high);
        vgic_settle(&change, irq);
    }
    vgic_end(&change);
}

void vgic_set_level(struct vcpu *vcpu, uint32_t intid, bool high)
{
    if (intid >= FIRST_PPI && intid < VGIC_PRIVATE) {
        drive(vcpu->domain, vcpu, intid, high);
    }
}

void vgic_set_spi(struct domain *domain, uint32_t intid, bool high)
{
    if (intid >= VGIC_PRIVATE) {
        drive(domain, NULL, intid, high);
    }
}

void vgic_pulse(struct vcpu *vcpu, uint32_t intid)
{
    struct vgic_change change = vgic_begin(vcpu->domain);

    if (intid < VGIC_PRIVATE) {
        vgic_write_pending(&change, &vcpu->vgic.irqs[intid], true);
    }
    vgic_end(&change);
}

void vgic_link(struct vcpu *vcpu, uint32_t intid, uint32_t physical)
{
    struct vgic_irq *irq = &vcpu->vgic.irqs[intid % VGIC_PRIVATE];

    irq->hw = true;
    irq->physical = physical;
}

xi_err vgic_assign(struct domain *domain, uint32_t intid, bool edge)
{
    struct vgic_irq *irq = vgic_find(&domain->vgic, NULL, intid);

    if (irq == NULL) {
        return XI_ERR_RANGE;
    }
    irq->assigned = true;
    irq->edge = edge;
    irq->physical = intid;
    return XI_OK;
}

void vgic_fire(struct domain *domain, uint32_t intid)
{
    struct vgic_change change = vgic_begin(domain);
    struct vgic_irq *irq = vgic_find(change.vgic, NULL, intid);

    if (irq != NULL && irq->assigned) {
        irq->hw = true;
        irq->latch = true;
        irq->again = irq->lr != VGIC_NO_LR;
        vgic_settle(&change, irq);
    }
    vgic_end(&change);
}

void vgic_close(struct domain *domain)
{
    struct vgic_change change = vgic_begin(domain);

    change.vgic->closed = true;
    for (uint32_t i = 0; i < change.vgic->spi_count; i++) {
        if (change.vgic->spis[i].assigned) {
            irq_assigned_disable(change.vgic->spis[i].physical);
        }
    }
    vgic_end(&change);
}

bool vgic_is_live(struct vcpu *vcpu, uint32_t intid)
{
    struct vgic_change change = vgic_begin(vcpu->domain);
    const struct vgic_irq *irq = vgic_find(change.vgic, vcpu, intid);
    bool live = irq != NULL && (vgic_reads_pending(irq) || vgic_reads_active(irq));

    vgic_end(&change);
    return live;
}

/* Reset state, in no queue. All in the group that a guest turns on that knows no groups: 1 of a GICv3, 0 of a GICv2
 * (Arm IHI 0048B, 4.4.1 GICC_CTLR, bit 0). SGIs of a GICv2 may be on from the start (4.3.5 GICD_ISENABLER). */
static void reset_irq(struct vgic_irq *irq, struct vcpu *owner, uint32_t intid)
{
    bool v2 = owner->domain->vgic.version == 2;

    *irq = (struct vgic_irq){
        .owner = owner,
        .route = v2 ? 1 : 0, /* the first vCPU */
        .intid = (uint16_t)intid,
        .lr = VGIC_NO_LR,
        .edge = intid < FIRST_PPI || (irq->assigned && irq->edge),
        .enabled = v2 && intid < FIRST_PPI,
        .group1 = !v2,
        .hw = irq->hw && !irq->assigned,
        .assigned = irq->assigned,
        .physical = irq->physical,
    };
}

/* Queues stay as they are: who fills list registers looks at the groups. */
void vgic_forward(struct domain *domain, bool group0, bool group1)
{
    struct vgic_change change = vgic_begin(domain);
    bool changed0 = group0 != domain->vgic.group0, changed1 = group1 != domain->vgic.group1;

    domain->vgic.group0 = group0;
    domain->vgic.group1 = group1;
    for (uint32_t i = 0; (changed0 || changed1) && i < domain->vcpu_count; i++) {
        const uint32_t *count = domain->vcpus[i]->vgic.queue.count;
        if (count[VGIC_ACTIVE] != 0 || (changed0 && count[VGIC_GROUP0] != 0) || (changed1 && count[VGIC_GROUP1] != 0)) {
            vgic_mark(&change, domain->vcpus[i]);
        }
    }
    vgic_end(&change);
}

static void reset_vcpu(struct vcpu *vcpu)
{
    struct vgic_vcpu *v = &vcpu->vgic;

    v->listed = 0;
    for (uint32_t i = 0; i < VGIC_PRIVATE; i++) {
        vgic_dequeue(&v->irqs[i]);
        reset_irq(&v->irqs[i], vcpu, i);
    }
    __atomic_store_n(&v->sleeps, true, __ATOMIC_RELAXED);
    vgic_set_stale(vcpu);
}

void vgic_vcpu_init(struct vcpu *vcpu)
{
    vcpu->vgic = (struct vgic_vcpu){0};
    reset_vcpu(vcpu);
}

void vgic_reset(struct domain *domain)
{
    struct vgic_change change = vgic_begin(domain);

    change.vgic->group0 = false;
    change.vgic->group1 = false;
    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        reset_vcpu(domain->vcpus[i]);
    }
    change.vgic->closed = false;
    for (uint32_t i = 0; i < change.vgic->spi_count; i++) {
        struct vgic_irq *irq = &change.vgic->spis[i];
        if (irq->assigned) {
            irq_assigned_reset(irq->physical);
        }
        vgic_dequeue(irq);
        reset_irq(irq, domain->vcpus[0], VGIC_PRIVATE + i);
    }
    vgic_end(&change);
}

/* A shared interrupt loses its list register; what the guest had not acknowledged is pending again. */
static void release(struct vgic_change *change, struct vgic_irq *irq)
{
    irq->latch = irq->latch || (irq->carried && (irq->fix & FIX_DROP_PENDING) == 0);
    irq->lr = VGIC_NO_LR;
    irq->carried = false;
    irq->tied = false;
    irq->again = false;
    irq->active = false;
    irq->fix = 0;
    vgic_settle(change, irq);
}

/* As many as a guest has active at most that lets one interrupt another. What is active beyond them, by GICD_ISACTIVER,
 * stays so until the guest clears it: there may be hundreds. */
static void release_active(struct vgic_change *change, const struct vgic_queue *queue)
{
    uint32_t left = VGIC_LEVELS;

    for (uint32_t bits = queue->levels[VGIC_ACTIVE]; bits != 0; bits &= bits - 1) {
        struct vgic_irq *next, *irq = queue->first[VGIC_ACTIVE * VGIC_LEVELS + (uint32_t)__builtin_ctz(bits)];
        for (; irq != NULL && left > 0; irq = next, left--) {
            next = irq->next;
            release(change, irq);
        }
    }
}

void vgic_vcpu_reset(struct vcpu *vcpu)
{
    struct vgic_change change = vgic_begin(vcpu->domain);
    struct vgic_vcpu *v = &vcpu->vgic;
    uint32_t listed = v->listed;

    reset_vcpu(vcpu);
    for (uint32_t bits = listed; bits != 0; bits &= bits - 1) {
        struct vgic_irq *irq = v->lrs[__builtin_ctz(bits)];
        if (irq->intid >= VGIC_PRIVATE) {
            release(&change, irq);
        }
    }
    release_active(&change, &v->queue);
    vgic_end(&change);
}
