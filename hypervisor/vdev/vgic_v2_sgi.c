/* SPDX-License-Identifier: Apache-2.0 */
/* SGIs of a GICv2: pending apart for each vCPU that sent them. Arm IHI 0048B, 4.3.15 (GICD_SGIR), 4.3.16
 * (GICD_CPENDSGIR) and 4.3.17 (GICD_SPENDSGIR). */
#include <stdint.h>

#include <xi/domain.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>
#include <xi/virq.h>

#include "vgic_state.h"
#include "vgic_v2.h"

enum { GICD_CPENDSGIR = 0xf10, GICD_SPENDSGIR = 0xf20, SGIS = 16 };

/* GICD_SGIR.TargetListFilter */
enum { SGIR_LISTED = 0, SGIR_OTHERS = 1, SGIR_SELF = 2 };

static void add(struct vgic_change *change, struct vgic_irq *irq, uint8_t senders)
{
    irq->sources |= senders;
    irq->latch = irq->sources != 0;
    vgic_settle(change, irq);
}

static void drop(struct vgic_change *change, struct vgic_irq *irq, uint8_t senders)
{
    irq->sources = (uint8_t)(irq->sources & ~senders);
    irq->latch = irq->sources != 0;
    if (irq->lr != VGIC_NO_LR && (irq->source & senders) != 0) {
        irq->fix |= FIX_DROP_PENDING;
    }
    vgic_settle(change, irq);
}

static uint32_t targets_of(const struct vcpu *from, uint32_t value)
{
    uint32_t self = 1u << from->id;

    switch (value >> 24 & 3) {
    case SGIR_LISTED:
        return value >> 16 & 0xff;
    case SGIR_OTHERS:
        return ~self;
    case SGIR_SELF:
        return self;
    default: /* reserved */
        return 0;
    }
}

void vgic_v2_send(struct vcpu *from, uint32_t value)
{
    const struct domain *domain = from->domain;
    uint32_t targets = targets_of(from, value);
    struct vgic_change change = vgic_begin(from->domain);

    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        if ((targets >> i & 1) != 0) {
            add(&change, &domain->vcpus[i]->vgic.irqs[value % SGIS], (uint8_t)(1u << from->id));
        }
    }
    vgic_end(&change);
}

bool vgic_v2_sgis_own(uint64_t offset)
{
    return offset >= GICD_CPENDSGIR && offset < GICD_SPENDSGIR + SGIS;
}

/* Each vCPU has its own registers, so its list registers are at hand: what they say is taken back first. */
static void refresh(struct vcpu *vcpu)
{
    vgic_set_stale(vcpu);
    virq_sync(vcpu);
}

uint64_t vgic_v2_sgis_read(struct vcpu *vcpu, uint64_t offset, uint32_t size)
{
    uint64_t value = 0;

    refresh(vcpu);
    struct vgic_change change = vgic_begin(vcpu->domain);
    for (uint32_t i = 0; i < size; i++) {
        const struct vgic_irq *irq = &vcpu->vgic.irqs[(offset + i) % SGIS];
        bool shown = irq->lr != VGIC_NO_LR && irq->carried && (irq->fix & FIX_DROP_PENDING) == 0;
        value |= (uint64_t)(irq->sources | (shown ? irq->source : 0)) << (8 * i);
    }
    vgic_end(&change);
    return value;
}

void vgic_v2_sgis_write(struct vcpu *vcpu, uint64_t offset, uint32_t size, uint64_t value)
{
    uint32_t all = (1u << vcpu->domain->vcpu_count) - 1;

    refresh(vcpu);
    struct vgic_change change = vgic_begin(vcpu->domain);
    for (uint32_t i = 0; i < size; i++) {
        struct vgic_irq *irq = &vcpu->vgic.irqs[(offset + i) % SGIS];
        uint8_t senders = (uint8_t)(value >> (8 * i) & all);
        if (senders != 0 && offset >= GICD_SPENDSGIR) {
            add(&change, irq, senders);
        } else if (senders != 0) {
            drop(&change, irq, senders);
        }
    }
    vgic_end(&change);
}
