/* SPDX-License-Identifier: Apache-2.0 */
/* List registers: what they say is taken back into the interrupts (fold), then the most urgent of the
 * queue are shown again (fill). Arm IHI 0069, chapter 6 "Virtual interrupt handling". */
#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/domain.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>

#include "vgic_state.h"

/* The guest may have acknowledged and ended it meanwhile. A level's pending state is the device's to say,
 * so only a latch that went into the list register comes back, if it was not acknowledged. */
static void fold_one(struct vgic_change *change, struct vgic_irq *irq, enum lr_state state)
{
    irq->active = (state & LR_ACTIVE) != 0;
    if (irq->assigned && irq->tied && state == LR_INVALID) {
        irq->hw = irq->again; /* the machine's ended with it, and may have come again since */
    }
    irq->again = false;
    if (irq->carried && (state & LR_PENDING) != 0 && (irq->fix & FIX_DROP_PENDING) == 0) {
        irq->latch = true;
        irq->sources |= irq->source;
    }
    if ((irq->fix & (FIX_ACTIVATE | FIX_DEACTIVATE)) != 0) {
        irq->active = (irq->fix & FIX_ACTIVATE) != 0;
    }
    irq->lr = VGIC_NO_LR;
    irq->carried = false;
    irq->fix = 0;
    vgic_settle(change, irq);
}

static void fold(struct vgic_change *change, const struct vcpu *vcpu, const struct lr *lrs)
{
    for (uint32_t bits = vcpu->vgic.listed; bits != 0; bits &= bits - 1) {
        uint32_t i = (uint32_t)__builtin_ctz(bits);
        fold_one(change, vcpu->vgic.lrs[i], (enum lr_state)(lrs[i].state & LR_PENDING_ACTIVE));
    }
}

/* Pending and active at once is only for edges: a level is looked at again once it is inactive, and of
 * a linked interrupt the machine keeps the pending state. A list register names one sender of an SGI: what
 * others sent waits until it is inactive. */
static bool shows_pending(const struct vgic_domain *vgic, const struct vgic_irq *irq)
{
    bool here = irq->owner == irq->queue;
    bool of_others = irq->sources != 0 && (irq->sources & irq->source) == 0;

    bool deliverable = irq->enabled && vgic_is_pending(irq) && vgic_forwards(vgic, irq);

    return here && deliverable && !(irq->active && (!irq->edge || irq->hw || of_others));
}

/* Whether to look again as soon as the guest deactivates it: the device may still ask, another sender of the
 * SGI waits, or it waits to become pending again, here or where it is routed now. */
static bool wants_notice(const struct vgic_irq *irq, bool shown)
{
    bool waits = irq->latch && !shown && (!irq->edge || irq->hw);
    bool again = irq->sources != 0 || waits || (!irq->edge && irq->line);

    return !irq->tied && (again || irq->owner != irq->queue);
}

/* A tied one ends without notice: not where the assigned interrupt waits to become pending again. */
static bool is_tied(const struct vgic_irq *irq)
{
    return irq->hw && !(irq->assigned && irq->active && irq->latch);
}

/* Out of the latch into the list register; of an SGI that has senders, one of them. */
static void take(struct vgic_irq *irq)
{
    if (!irq->active) {
        irq->source = (uint8_t)(irq->sources & (0u - irq->sources));
    }
    irq->sources = (uint8_t)(irq->sources & ~irq->source);
    irq->latch = irq->sources != 0;
}

static struct lr show(const struct vgic_domain *vgic, struct vgic_irq *irq, uint32_t index)
{
    bool shown = shows_pending(vgic, irq);
    uint32_t state = (irq->active ? LR_ACTIVE : 0u) | (shown ? LR_PENDING : 0u);

    irq->lr = (uint8_t)index;
    irq->carried = shown && irq->latch;
    irq->tied = is_tied(irq);
    if (shown) {
        take(irq);
    }
    return (struct lr){
        .state = (uint8_t)state,
        .priority = irq->priority,
        .group1 = irq->group1,
        .hw = irq->tied,
        .notify = wants_notice(irq, shown),
        .source = irq->source == 0 ? 0 : (uint8_t)__builtin_ctz(irq->source),
        .intid = irq->intid,
        .physical = irq->physical,
    };
}

/* Adds interrupts of a list up to `count`, and tells how many there are then. */
static uint32_t add(struct vgic_irq **chosen, uint32_t used, uint32_t count, struct vgic_irq *first)
{
    for (struct vgic_irq *irq = first; irq != NULL && used < count; irq = irq->next) {
        chosen[used++] = irq;
    }
    return used;
}

/* Chooses up to `count`, and tells how many. Of equal priority, an active one keeps its list register. One of them is
 * always something purely pending, if there is any: else interrupts that a guest keeps active could hide all others.
 * What is active is not taken, pending or not. The list registers have been read back: what the queue has as pending
 * alone is deliverable but for its group. */
static uint32_t choose(const struct vgic_domain *vgic, const struct vcpu *vcpu, struct vgic_irq **chosen,
                       uint32_t count, struct vgic_result *result)
{
    const struct vgic_queue *queue = &vcpu->vgic.queue;
    const uint32_t levels0 = vgic->group0 ? queue->levels[VGIC_GROUP0] : 0;
    const uint32_t levels1 = vgic->group1 ? queue->levels[VGIC_GROUP1] : 0;
    const uint32_t fresh = (vgic->group0 ? queue->count[VGIC_GROUP0] : 0) + (vgic->group1 ? queue->count[VGIC_GROUP1] : 0);
    uint32_t used = 0, active = 0;

    for (uint32_t bits = queue->levels[VGIC_ACTIVE] | levels0 | levels1; bits != 0 && used < count; bits &= bits - 1) {
        struct vgic_irq *const *at = &queue->first[__builtin_ctz(bits)];
        uint32_t with_active = add(chosen, used, count, at[VGIC_ACTIVE * VGIC_LEVELS]);
        active += with_active - used;
        used = add(chosen, with_active, count, vgic->group0 ? at[VGIC_GROUP0 * VGIC_LEVELS] : NULL);
        used = add(chosen, used, count, vgic->group1 ? at[VGIC_GROUP1 * VGIC_LEVELS] : NULL);
    }
    if (fresh != 0 && used == active) {
        uint32_t level = (uint32_t)__builtin_ctz(levels0 | levels1);
        uint32_t kind = (levels0 >> level & 1) != 0 ? VGIC_GROUP0 : VGIC_GROUP1;
        chosen[count - 1] = queue->first[kind * VGIC_LEVELS + level];
        active--;
    }
    result->pending = fresh != 0;
    result->more_pending = fresh > used - active;
    result->more_active = queue->count[VGIC_ACTIVE] > active;
    return used;
}

uint32_t vgic_listed(const struct vcpu *vcpu)
{
    return vcpu->vgic.listed;
}

struct vgic_result vgic_sync(struct vcpu *vcpu, struct lr *lrs, uint32_t count)
{
    struct vgic_result result = {0};
    struct vgic_vcpu *v = &vcpu->vgic;
    struct vgic_change change = vgic_begin(vcpu->domain);

    XI_CHECK(count > 0 && count <= VGIC_MAX_LRS);
    fold(&change, vcpu, lrs);
    uint32_t used = choose(change.vgic, vcpu, v->lrs, count, &result);
    for (uint32_t i = 0; i < used; i++) {
        lrs[i] = show(change.vgic, v->lrs[i], i);
    }
    uint32_t listed = (1u << used) - 1;
    for (uint32_t bits = v->listed & ~listed; bits != 0; bits &= bits - 1) {
        lrs[__builtin_ctz(bits)].state = LR_INVALID;
    }
    v->listed = listed;
    /* The caller enters the guest with these: its own mark is served, and it needs no kick. */
    __atomic_store_n(&v->stale, false, __ATOMIC_RELEASE);
    change.kicks[vcpu->id / 64] &= ~(1ULL << (vcpu->id % 64));
    vgic_end(&change);
    return result;
}

/* The most urgent ones: a guest ends what it took last first. */
void vgic_ended_unlisted(struct vcpu *vcpu, uint32_t count)
{
    struct vgic_change change = vgic_begin(vcpu->domain);
    const struct vgic_queue *queue = &vcpu->vgic.queue;

    for (uint32_t bits = queue->levels[VGIC_ACTIVE]; bits != 0 && count > 0; bits &= bits - 1) {
        struct vgic_irq *irq = queue->first[VGIC_ACTIVE * VGIC_LEVELS + (uint32_t)__builtin_ctz(bits)];
        while (irq != NULL && count > 0) {
            struct vgic_irq *next = irq->next;
            if (irq->lr == VGIC_NO_LR) {
                irq->active = false;
                vgic_settle(&change, irq);
                count--;
            }
            irq = next;
        }
    }
    vgic_end(&change);
}
