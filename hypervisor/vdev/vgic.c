/* SPDX-License-Identifier: Apache-2.0 */
/* The state of interrupts, and the queue of each vCPU: those that are active on it or may be delivered
 * to it, most urgent first. Arm IHI 0069, chapter 4 "Physical interrupt handling and prioritization". */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>

#include "vgic_state.h"

#define FIRST_PPI 16u
#define PRIORITY_RESET 0

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

bool vgic_is_stale(const struct vcpu *vcpu)
{
    return __atomic_load_n(&vcpu->vgic.stale, __ATOMIC_ACQUIRE);
}

void vgic_set_stale(struct vcpu *vcpu)
{
    __atomic_store_n(&vcpu->vgic.stale, true, __ATOMIC_RELEASE);
}

struct vgic_irq *vgic_find(struct vgic_domain *vgic, struct vcpu *vcpu, uint32_t intid)
{
    if (vcpu != NULL) {
        return intid < VGIC_PRIVATE ? &vcpu->vgic.irqs[intid] : NULL;
    }
    return intid >= VGIC_PRIVATE && intid - VGIC_PRIVATE < vgic->spi_count ? &vgic->spis[intid - VGIC_PRIVATE] : NULL;
}

static bool pending(const struct vgic_irq *irq)
{
    return irq->latch || (!irq->edge && irq->line);
}

bool vgic_deliverable(const struct vgic_domain *vgic, const struct vgic_irq *irq)
{
    return irq->enabled && pending(irq) && (irq->group1 ? vgic->group1 : vgic->group0);
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

void vgic_settle(struct vgic_change *change, struct vgic_irq *irq)
{
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

bool vgic_reads_pending(const struct vgic_irq *irq)
{
    bool shown = irq->lr != VGIC_NO_LR && irq->carried && (irq->fix & FIX_DROP_PENDING) == 0;

    return shown || pending(irq);
}

bool vgic_reads_active(const struct vgic_irq *irq)
{
    if ((irq->fix & (FIX_ACTIVATE | FIX_DEACTIVATE)) != 0) {
        return (irq->fix & FIX_ACTIVATE) != 0;
    }
    return irq->active;
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

bool vgic_is_live(struct vcpu *vcpu, uint32_t intid)
{
    struct vgic_change change = vgic_begin(vcpu->domain);
    const struct vgic_irq *irq = vgic_find(change.vgic, vcpu, intid);
    bool live = irq != NULL && (vgic_reads_pending(irq) || vgic_reads_active(irq));

    vgic_end(&change);
    return live;
}

/* Reset state, in no queue. All in group 1, so that a guest that knows no groups gets IRQs, not FIQs. */
static void reset_private(struct vcpu *vcpu, uint32_t intid)
{
    struct vgic_irq *irq = &vcpu->vgic.irqs[intid];

    *irq = (struct vgic_irq){
        .owner = vcpu,
        .intid = (uint16_t)intid,
        .priority = PRIORITY_RESET,
        .lr = VGIC_NO_LR,
        .edge = intid < FIRST_PPI,
        .group1 = true,
        .line = irq->line,
        .hw = irq->hw,
        .physical = irq->physical,
    };
}

void vgic_vcpu_init(struct vcpu *vcpu)
{
    vcpu->vgic = (struct vgic_vcpu){.stale = true, .sleeps = true};
    for (uint32_t i = 0; i < VGIC_PRIVATE; i++) {
        reset_private(vcpu, i);
    }
}

void vgic_vcpu_reset(struct vcpu *vcpu)
{
    struct vgic_change change = vgic_begin(vcpu->domain);
    struct vgic_irq *queue = vcpu->vgic.queue;

    vcpu->vgic.queue = NULL;
    for (uint32_t i = 0; i < VGIC_MAX_LRS; i++) {
        vcpu->vgic.lrs[i] = NULL;
    }
    while (queue != NULL) { /* shared ones that it held are delivered again, to it or elsewhere */
        struct vgic_irq *irq = queue;
        queue = irq->next;
        irq->latch = irq->latch || (irq->carried && (irq->fix & FIX_DROP_PENDING) == 0);
        irq->next = NULL;
        irq->queue = NULL;
        irq->lr = VGIC_NO_LR;
        irq->carried = false;
        irq->active = false;
        irq->fix = 0;
        if (irq->intid >= VGIC_PRIVATE) {
            vgic_settle(&change, irq);
        }
    }
    for (uint32_t i = 0; i < VGIC_PRIVATE; i++) {
        reset_private(vcpu, i);
    }
    vcpu->vgic.sleeps = true;
    vgic_set_stale(vcpu);
    vgic_end(&change);
}
