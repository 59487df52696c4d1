/* SPDX-License-Identifier: Apache-2.0 */
/* GICv3 as a guest sees it: one security state (GICD_CTLR.DS), affinity routing always on, no LPIs.
 * Arm IHI 0069: 12.9 (distributor), 12.11 (redistributors), 12.2.19 (ICC_SGI1R_EL1). Registers that are
 * not here read as zero and ignore writes. */
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

enum {
    GICD_CTLR = 0x0000,
    GICD_TYPER = 0x0004,
    GICD_IIDR = 0x0008,
    GICD_IROUTER = 0x6000,
    GICD_SIZE = 0x10000,
    GICR_IIDR = 0x0004,
    GICR_TYPER = 0x0008,
    GICR_WAKER = 0x0014,
    GIC_PIDR2 = 0xffe8,
    GICR_FRAME = 0x10000, /* first control, then SGIs and PPIs */
    GICR_SIZE = 2 * GICR_FRAME,
};

#define GICD_CTLR_GROUP0 XI_BIT(0)
#define GICD_CTLR_GROUP1 XI_BIT(1)
#define GICD_CTLR_ARE XI_BIT(4)
#define GICD_CTLR_DS XI_BIT(6)
#define GICD_TYPER_IDBITS (9u << 19) /* INTIDs of ten bits */
#define GICD_TYPER_NO1N XI_BIT(25)   /* an SPI goes to one CPU, not to any */
#define GICR_TYPER_LAST XI_BIT(4)
#define GICR_WAKER_SLEEP XI_BIT(1)
#define GICR_WAKER_CHILDREN XI_BIT(2)
#define IIDR_ARM 0x43bu
#define PIDR2_GICV3 0x3bu            /* architecture 3, JEDEC identity */
#define ROUTE_AFFINITY 0xff00ffffffULL /* Aff3 apart from Aff2 to Aff0, as in MPIDR_EL1 */

static struct vcpu *vcpu_at(const struct domain *domain, uint64_t affinity)
{
    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        if ((arch_vcpu_mpidr(i) & ROUTE_AFFINITY) == affinity) {
            return domain->vcpus[i];
        }
    }
    return NULL;
}

/* The part of a 64-bit register that an access of 4 or 8 bytes reads or replaces. */
static uint64_t part_of(uint64_t reg, uint64_t offset, uint32_t size)
{
    return size == 8 ? reg : (uint32_t)(reg >> (8 * (offset & 4)));
}

static uint64_t merge(uint64_t reg, uint64_t offset, uint32_t size, uint64_t value)
{
    uint64_t shift = 8 * (offset & 4);

    return size == 8 ? value : (reg & ~(0xffffffffULL << shift)) | value << shift;
}

static uint64_t read_ctlr(struct domain *domain)
{
    struct vgic_change change = vgic_begin(domain);
    uint64_t value = GICD_CTLR_ARE | GICD_CTLR_DS | (domain->vgic.group0 ? GICD_CTLR_GROUP0 : 0) |
                     (domain->vgic.group1 ? GICD_CTLR_GROUP1 : 0);

    vgic_end(&change);
    return value;
}

static void write_ctlr(struct domain *domain, uint64_t value)
{
    struct vgic_change change = vgic_begin(domain);

    domain->vgic.group0 = (value & GICD_CTLR_GROUP0) != 0;
    domain->vgic.group1 = (value & GICD_CTLR_GROUP1) != 0;
    for (uint32_t i = 0; i < domain->vgic.spi_count; i++) {
        vgic_settle(&change, &domain->vgic.spis[i]);
    }
    for (uint32_t v = 0; v < domain->vcpu_count; v++) {
        for (uint32_t i = 0; i < VGIC_PRIVATE; i++) {
            vgic_settle(&change, &domain->vcpus[v]->vgic.irqs[i]);
        }
    }
    vgic_end(&change);
}

static uint64_t typer(const struct domain *domain)
{
    uint32_t lines = (VGIC_PRIVATE + domain->vgic.spi_count + 31) / 32 - 1; /* ITLinesNumber */

    return lines | GICD_TYPER_IDBITS | GICD_TYPER_NO1N;
}

static bool is_route(uint64_t offset, uint32_t size)
{
    return size >= 4 && offset >= GICD_IROUTER + 8 * VGIC_PRIVATE && offset < GICD_IROUTER + 8 * VGIC_MAX_INTIDS;
}

static uint64_t read_route(struct domain *domain, uint64_t offset, uint32_t size)
{
    struct vgic_change change = vgic_begin(domain);
    const struct vgic_irq *irq = vgic_find(change.vgic, NULL, (uint32_t)(offset - GICD_IROUTER) / 8);
    uint64_t value = irq == NULL ? 0 : part_of(irq->route, offset, size);

    vgic_end(&change);
    return value;
}

static void write_route(struct domain *domain, uint64_t offset, uint32_t size, uint64_t value)
{
    struct vgic_change change = vgic_begin(domain);
    struct vgic_irq *irq = vgic_find(change.vgic, NULL, (uint32_t)(offset - GICD_IROUTER) / 8);

    if (irq != NULL) {
        irq->route = merge(irq->route, offset, size, value) & ROUTE_AFFINITY;
        irq->owner = vcpu_at(domain, irq->route);
        vgic_settle(&change, irq);
    }
    vgic_end(&change);
}

static uint64_t distributor_read(struct vcpu *vcpu, void *device, uint64_t offset, uint32_t size)
{
    struct domain *domain = device;

    if (vgic_bits_owns(offset)) {
        return vgic_bits_read(vcpu, NULL, offset, size);
    }
    if (is_route(offset, size)) {
        return read_route(domain, offset, size);
    }
    if (size != 4) {
        return 0;
    }
    switch (offset) {
    case GICD_CTLR:
        return read_ctlr(domain);
    case GICD_TYPER:
        return typer(domain);
    case GICD_IIDR:
        return IIDR_ARM;
    case GIC_PIDR2:
        return PIDR2_GICV3;
    default:
        return 0;
    }
}

static void distributor_write(struct vcpu *vcpu, void *device, uint64_t offset, uint32_t size, uint64_t value)
{
    struct domain *domain = device;

    if (vgic_bits_owns(offset)) {
        vgic_bits_write(vcpu, NULL, offset, size, value);
    } else if (is_route(offset, size)) {
        write_route(domain, offset, size, value);
    } else if (offset == GICD_CTLR && size == 4) {
        write_ctlr(domain, value);
    }
}

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
        return part_of(redistributor_type(domain, target), offset, size);
    }
    if (size != 4) {
        return 0;
    }
    switch (offset) {
    case GICR_IIDR:
        return IIDR_ARM;
    case GICR_WAKER:
        return __atomic_load_n(&target->vgic.sleeps, __ATOMIC_RELAXED) ? GICR_WAKER_SLEEP | GICR_WAKER_CHILDREN : 0;
    case GIC_PIDR2:
        return PIDR2_GICV3;
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

static const struct mmio_ops distributor_ops = {.read = distributor_read, .write = distributor_write};
static const struct mmio_ops redistributor_ops = {.read = redistributor_read, .write = redistributor_write};

xi_err vgic_v3_init(struct domain *domain, ipa_t distributor, ipa_t redistributors, struct vgic_irq *spis,
                    uint32_t spi_count)
{
    if (spi_count > VGIC_MAX_INTIDS - VGIC_PRIVATE || domain->vcpu_count == 0 || domain->vcpu_count > VGIC_MAX_VCPUS) {
        return XI_ERR_RANGE;
    }
    domain->vgic = (struct vgic_domain){.domain = domain, .spis = spis, .spi_count = spi_count};
    for (uint32_t i = 0; i < spi_count; i++) {
        spis[i] = (struct vgic_irq){
            .owner = domain->vcpus[0],
            .intid = (uint16_t)(VGIC_PRIVATE + i),
            .lr = VGIC_NO_LR,
            .group1 = true,
        };
    }
    xi_err err = mmio_map_add(&domain->mmio, distributor, GICD_SIZE, &distributor_ops, domain);
    if (err != XI_OK) {
        return err;
    }
    return mmio_map_add(&domain->mmio, redistributors, (uint64_t)domain->vcpu_count * GICR_SIZE, &redistributor_ops,
                        domain);
}

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
        uint64_t affinity = arch_vcpu_mpidr(i) & ROUTE_AFFINITY;
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
