/* SPDX-License-Identifier: Apache-2.0 */
/* What each vCPU has of a GICv3: its redistributor, and the registers by which it sends SGIs.
 * Arm IHI 0069, 12.11 and 12.2.19 (ICC_SGI1R_EL1). */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/domain.h>
#include <xi/mmio.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>

#include "vgic_bits.h"
#include "vgic_state.h"
#include "vgic_v3.h"

enum {
    GICR_IIDR = 0x0004,
    GICR_TYPER = 0x0008,
    GICR_WAKER = 0x0014,
    GICR_FRAME = 0x10000, /* first control, then SGIs and PPIs */
};

#define GICR_TYPER_LAST XI_BIT(4)
#define GICR_WAKER_SLEEP XI_BIT(1)
#define GICR_WAKER_CHILDREN XI_BIT(2)

/* Affinity in the upper half, the number of the vCPU from bit 8. */
static uint64_t redistributor_type(const struct domain *domain, const struct vcpu *vcpu)
{
    uint64_t mpidr = arch_vcpu_mpidr(vcpu->id);
    uint64_t affinity = (mpidr & 0xffffff) | (mpidr >> 32 & 0xff) << 24;
    bool last = vcpu->id + 1 == domain->vcpu_count;

    return affinity << 32 | (uint64_t)vcpu->id << 8 | (last ? GICR_TYPER_LAST : 0);
}

static uint64_t control_read(const struct domain *domain, const struct vcpu *target, uint64_t offset, uint32_t size)
{
    if (size >= 4 && (offset & ~4ULL) == GICR_TYPER) {
        return vgic_v3_part(redistributor_type(domain, target), offset, size);
    }
    if (size != 4) {
        return 0;
    }
    switch (offset) {
    case GICR_IIDR:
        return GIC_IIDR_ARM;
    case GICR_WAKER:
        return __atomic_load_n(&target->vgic.sleeps, __ATOMIC_RELAXED) ? GICR_WAKER_SLEEP | GICR_WAKER_CHILDREN : 0;
    case GIC_PIDR2:
        return GIC_PIDR2_V3;
    default:
        return 0;
    }
}

static uint64_t redistributor_read(struct vcpu *vcpu, void *device, uint64_t offset, uint32_t size)
{
    struct domain *domain = device;
    struct vcpu *target = domain->vcpus[offset / GICR_SIZE];
    uint64_t in_frame = offset % GICR_FRAME;

    if (offset % GICR_SIZE < GICR_FRAME) {
        return control_read(domain, target, in_frame, size);
    }
    return vgic_bits_owns(in_frame) ? vgic_bits_read(vcpu, target, in_frame, size) : 0;
}

static void redistributor_write(struct vcpu *vcpu, void *device, uint64_t offset, uint32_t size, uint64_t value)
{
    struct domain *domain = device;
    struct vcpu *target = domain->vcpus[offset / GICR_SIZE];
    uint64_t in_frame = offset % GICR_FRAME;

    if (offset % GICR_SIZE < GICR_FRAME) {
        if (in_frame == GICR_WAKER && size == 4) {
            /* Delivery does not depend on it. */
            __atomic_store_n(&target->vgic.sleeps, (value & GICR_WAKER_SLEEP) != 0, __ATOMIC_RELAXED);
        }
    } else if (vgic_bits_owns(in_frame)) {
        vgic_bits_write(vcpu, target, in_frame, size, value);
    }
}

const struct mmio_ops vgic_v3_redistributor = {.read = redistributor_read, .write = redistributor_write};

/* Fields of ICC_SGI1R_EL1 and its like; targets are Aff0 from 16 times the range selector. */
static void send_sgi(struct vcpu *from, uint64_t value, bool group1)
{
    struct domain *domain = from->domain;
    uint32_t intid = (uint32_t)(value >> 24 & 15);
    bool all_others = (value >> 40 & 1) != 0;
    uint64_t first = (value >> 48 & 0xff) << 32 | (value >> 32 & 0xff) << 16 | (value >> 16 & 0xff) << 8 |
                     (value >> 44 & 15) << 4;
    struct vgic_change change = vgic_begin(domain);

    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        struct vcpu *to = domain->vcpus[i];
        uint64_t affinity = arch_vcpu_mpidr(i) & GIC_AFFINITY;
        bool listed = (affinity & ~15ULL) == first && (value >> (affinity & 15) & 1) != 0;
        if ((all_others ? to != from : listed) && (group1 || !to->vgic.irqs[intid].group1)) {
            vgic_write_pending(&change, &to->vgic.irqs[intid], true);
        }
    }
    vgic_end(&change);
}

void vgic_v3_sgi1r(struct vcpu *vcpu, uint64_t value)
{
    send_sgi(vcpu, value, true);
}

void vgic_v3_sgi0r(struct vcpu *vcpu, uint64_t value)
{
    send_sgi(vcpu, value, false);
}
