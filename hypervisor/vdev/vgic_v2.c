/* SPDX-License-Identifier: Apache-2.0 */
/* The distributor of a GICv2 as a guest sees it: interrupt grouping without the Security Extensions. Arm IHI 0048B,
 * 4.3. Registers that are not here read as zero and ignore writes. Private interrupts are banked: each vCPU reads and
 * writes its own. */
#include <stddef.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/domain.h>
#include <xi/mmio.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>

#include "vgic_bits.h"
#include "vgic_state.h"
#include "vgic_v2.h"

enum {
    GICD_CTLR = 0x000,
    GICD_TYPER = 0x004,
    GICD_IIDR = 0x008,
    GICD_ITARGETSR = 0x800,
    GICD_SGIR = 0xf00,
    GICD_ICPIDR2 = 0xfe8,
};

#define GICD_CTLR_GROUP0 XI_BIT(0)
#define GICD_CTLR_GROUP1 XI_BIT(1)
#define GICD_TYPER_CPUS_SHIFT 5u /* CPUNumber: less one */
#define GICD_IIDR_ARM 0x43bu     /* implementer */
#define ICPIDR2_V2 0x2bu         /* architecture 2, JEDEC identity */
#define SGIS 0xffffu             /* in the first of the one-bit registers */

static uint64_t read_ctlr(struct domain *domain)
{
    struct vgic_change change = vgic_begin(domain);
    uint64_t value = (domain->vgic.group0 ? GICD_CTLR_GROUP0 : 0) | (domain->vgic.group1 ? GICD_CTLR_GROUP1 : 0);

    vgic_end(&change);
    return value;
}

static uint64_t typer(const struct domain *domain)
{
    uint32_t lines = (VGIC_PRIVATE + domain->vgic.spi_count + 31) / 32 - 1; /* ITLinesNumber */

    return lines | (domain->vcpu_count - 1) << GICD_TYPER_CPUS_SHIFT;
}

static bool is_target(uint64_t offset, uint32_t size)
{
    return (size == 1 || size == 4) && offset >= GICD_ITARGETSR && offset < GICD_ITARGETSR + VGIC_MAX_INTIDS;
}

/* A private interrupt's byte tells the reader its own number (4.3.12): one vCPU alone learns it, too. */
static uint64_t read_targets(struct vcpu *vcpu, uint32_t first, uint32_t size)
{
    struct vgic_change change = vgic_begin(vcpu->domain);
    uint64_t value = 0;

    for (uint32_t i = 0; i < size; i++) {
        const struct vgic_irq *irq = vgic_find(change.vgic, NULL, first + i);
        uint64_t targets = first + i < VGIC_PRIVATE ? 1u << vcpu->id : irq == NULL ? 0 : irq->route;
        value |= targets << (8 * i);
    }
    vgic_end(&change);
    return value;
}

/* Of several targets one is to take it (1.4.3, 1-N model): the first of them here. */
static void write_targets(struct domain *domain, uint32_t first, uint32_t size, uint64_t value)
{
    uint32_t all = (1u << domain->vcpu_count) - 1;
    struct vgic_change change = vgic_begin(domain);

    for (uint32_t i = 0; i < size; i++) {
        struct vgic_irq *irq = vgic_find(change.vgic, NULL, first + i);
        if (irq != NULL) {
            irq->route = value >> (8 * i) & all;
            vgic_write_owner(&change, irq, irq->route == 0 ? NULL : domain->vcpus[__builtin_ctzll(irq->route)]);
        }
    }
    vgic_end(&change);
}

static struct vcpu *bank_of(struct vcpu *vcpu, uint64_t offset)
{
    return vgic_bits_first(offset) < VGIC_PRIVATE ? vcpu : NULL;
}

static uint64_t distributor_read(struct vcpu *vcpu, void *device, uint64_t offset, uint32_t size)
{
    struct domain *domain = device;

    if (vgic_bits_owns(offset)) {
        return vgic_bits_read(vcpu, bank_of(vcpu, offset), offset, size);
    }
    if (is_target(offset, size)) {
        return read_targets(vcpu, (uint32_t)(offset - GICD_ITARGETSR), size);
    }
    if (vgic_v2_sgis_own(offset)) {
        return size == 1 || size == 4 ? vgic_v2_sgis_read(vcpu, offset, size) : 0;
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
        return GICD_IIDR_ARM;
    case GICD_ICPIDR2:
        return ICPIDR2_V2;
    default:
        return 0;
    }
}

/* Which SGIs are pending is for GICD_SPENDSGIR and GICD_CPENDSGIR to say (4.3.7, 4.3.8). */
static uint64_t without_sgis(uint64_t offset, uint64_t value)
{
    return offset == VGIC_ISPENDR || offset == VGIC_ICPENDR ? value & ~(uint64_t)SGIS : value;
}

static void distributor_write(struct vcpu *vcpu, void *device, uint64_t offset, uint32_t size, uint64_t value)
{
    struct domain *domain = device;

    if (vgic_bits_owns(offset)) {
        vgic_bits_write(vcpu, bank_of(vcpu, offset), offset, size, without_sgis(offset, value));
    } else if (is_target(offset, size)) {
        write_targets(domain, (uint32_t)(offset - GICD_ITARGETSR), size, value);
    } else if (vgic_v2_sgis_own(offset)) {
        if (size == 1 || size == 4) {
            vgic_v2_sgis_write(vcpu, offset, size, value);
        }
    } else if (offset == GICD_SGIR && size == 4) {
        vgic_v2_send(vcpu, (uint32_t)value);
    } else if (offset == GICD_CTLR && size == 4) {
        vgic_forward(domain, (value & GICD_CTLR_GROUP0) != 0, (value & GICD_CTLR_GROUP1) != 0);
    }
}

static const struct mmio_ops distributor_ops = {.read = distributor_read, .write = distributor_write};

xi_err vgic_v2_init(struct domain *domain, ipa_t distributor, uint64_t size, struct vgic_irq *spis, uint32_t spi_count)
{
    if (spi_count > VGIC_MAX_INTIDS - VGIC_PRIVATE || domain->vcpu_count == 0 ||
        domain->vcpu_count > VGIC_V2_MAX_VCPUS) {
        return XI_ERR_RANGE;
    }
    domain->vgic = (struct vgic_domain){.version = 2, .domain = domain, .spis = spis, .spi_count = spi_count};
    vgic_reset(domain);
    return mmio_map_add(&domain->mmio, distributor, size, &distributor_ops, domain);
}
