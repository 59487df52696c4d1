/* SPDX-License-Identifier: Apache-2.0 */
/* The distributor of a GICv3 as a guest sees it: one security state (GICD_CTLR.DS), affinity routing
 * always on, no LPIs. Arm IHI 0069, 12.9. Registers that are not here read as zero and ignore writes. */
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
    GICD_CTLR = 0x0000,
    GICD_TYPER = 0x0004,
    GICD_IIDR = 0x0008,
    GICD_IROUTER = 0x6000,
    GICD_SIZE = 0x10000,
};

#define GICD_CTLR_GROUP0 XI_BIT(0)
#define GICD_CTLR_GROUP1 XI_BIT(1)
#define GICD_CTLR_ARE XI_BIT(4)
#define GICD_CTLR_DS XI_BIT(6)
#define GICD_TYPER_IDBITS (9u << 19) /* INTIDs of ten bits */
#define GICD_TYPER_NO1N XI_BIT(25)   /* an SPI goes to one CPU, not to any */

static struct vcpu *vcpu_at(const struct domain *domain, uint64_t affinity)
{
    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        if ((arch_vcpu_mpidr(i) & GIC_AFFINITY) == affinity) {
            return domain->vcpus[i];
        }
    }
    return NULL;
}

/* Replaces the part of a 64-bit register that an access of 4 or 8 bytes writes. */
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
    uint64_t value = irq == NULL ? 0 : vgic_v3_part(irq->route, offset, size);

    vgic_end(&change);
    return value;
}

static void write_route(struct domain *domain, uint64_t offset, uint32_t size, uint64_t value)
{
    struct vgic_change change = vgic_begin(domain);
    struct vgic_irq *irq = vgic_find(change.vgic, NULL, (uint32_t)(offset - GICD_IROUTER) / 8);

    if (irq != NULL) {
        irq->route = merge(irq->route, offset, size, value) & GIC_AFFINITY;
        vgic_write_owner(&change, irq, vcpu_at(domain, irq->route));
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
        return GIC_IIDR_ARM;
    case GIC_PIDR2:
        return GIC_PIDR2_V3;
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
        vgic_forward(domain, (value & GICD_CTLR_GROUP0) != 0, (value & GICD_CTLR_GROUP1) != 0);
    }
}

static const struct mmio_ops distributor_ops = {.read = distributor_read, .write = distributor_write};

xi_err vgic_v3_init(struct domain *domain, ipa_t distributor, ipa_t redistributors, struct vgic_irq *spis,
                    uint32_t spi_count)
{
    if (spi_count > VGIC_MAX_INTIDS - VGIC_PRIVATE || domain->vcpu_count == 0 || domain->vcpu_count > VGIC_MAX_VCPUS) {
        return XI_ERR_RANGE;
    }
    domain->vgic = (struct vgic_domain){.version = 3, .domain = domain, .spis = spis, .spi_count = spi_count};
    vgic_reset(domain);
    xi_err err = mmio_map_add(&domain->mmio, distributor, GICD_SIZE, &distributor_ops, domain);
    if (err != XI_OK) {
        return err;
    }
    return mmio_map_add(&domain->mmio, redistributors, (uint64_t)domain->vcpu_count * GICR_SIZE,
                        &vgic_v3_redistributor, domain);
}
