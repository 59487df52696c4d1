/* SPDX-License-Identifier: Apache-2.0 */
/* Registers that a distributor and a redistributor share: one bit, two bits or one byte an interrupt
 * (Arm IHI 0069, 12.9 and 12.11). */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>
#include <xi/virq.h>

#include "vgic_bits.h"
#include "vgic_state.h"

#define BANK_BYTES 0x80u /* of each of the one-bit registers: 1024 interrupts */
#define ICFGR_EDGE 2u
#define ICFGR_BITS 2u
#define IRQS_PER_ICFGR 16u
#define FIRST_PPI 16u

/* Virtual CPU interfaces have at least these five priority bits. */
#define PRIORITY_BITS 0xf8u

static bool read_bit(const struct vgic_irq *irq, uint64_t bank)
{
    switch (bank) {
    case VGIC_IGROUPR:
        return irq->group1;
    case VGIC_ISENABLER:
    case VGIC_ICENABLER:
        return irq->enabled;
    case VGIC_ISPENDR:
    case VGIC_ICPENDR:
        return vgic_reads_pending(irq);
    default:
        return vgic_reads_active(irq);
    }
}

/* One bit written as one; for the group register, as `set`. */
static void write_bit(struct vgic_change *change, struct vgic_irq *irq, uint64_t bank, bool set)
{
    switch (bank) {
    case VGIC_IGROUPR:
        irq->group1 = set;
        break;
    case VGIC_ISENABLER:
    case VGIC_ICENABLER:
        vgic_write_enabled(change, irq, bank == VGIC_ISENABLER);
        return;
    case VGIC_ISPENDR:
    case VGIC_ICPENDR:
        vgic_write_pending(change, irq, bank == VGIC_ISPENDR);
        return;
    default:
        vgic_write_active(change, irq, bank == VGIC_ISACTIVER);
        return;
    }
    vgic_settle(change, irq);
}

/* Pending and active states are in list registers too. Those of this vCPU are taken back first; another
 * one that runs is told to do so, and the guest reads what was known last. */
static bool is_live_bank(uint64_t bank)
{
    return bank >= VGIC_ISPENDR && bank < VGIC_IPRIORITYR;
}

static void refresh(struct vcpu *reader, uint64_t bank)
{
    if (is_live_bank(bank)) {
        vgic_set_stale(reader);
        virq_sync(reader);
    }
}

static uint64_t read_bits(struct vcpu *reader, struct vcpu *target, uint64_t offset)
{
    uint64_t bank = offset & ~(uint64_t)(BANK_BYTES - 1);
    uint32_t first = vgic_bits_first(offset);
    uint32_t value = 0;

    refresh(reader, bank);
    struct vgic_change change = vgic_begin(reader->domain);
    for (uint32_t i = 0; i < 32; i++) {
        const struct vgic_irq *irq = vgic_find(change.vgic, target, first + i);
        if (irq == NULL) {
            continue;
        }
        value |= (uint32_t)read_bit(irq, bank) << i;
        if (is_live_bank(bank) && irq->lr != VGIC_NO_LR && irq->queue != reader) {
            vgic_mark(&change, irq->queue);
        }
    }
    vgic_end(&change);
    return value;
}

static void write_bits(struct vcpu *writer, struct vcpu *target, uint64_t offset, uint32_t value)
{
    uint64_t bank = offset & ~(uint64_t)(BANK_BYTES - 1);
    uint32_t first = vgic_bits_first(offset);

    refresh(writer, bank);
    struct vgic_change change = vgic_begin(writer->domain);
    for (uint32_t i = 0; i < 32; i++) {
        struct vgic_irq *irq = vgic_find(change.vgic, target, first + i);
        bool set = (value >> i & 1) != 0;
        if (irq != NULL && (set || (bank == VGIC_IGROUPR && irq->group1))) {
            write_bit(&change, irq, bank, set);
        }
    }
    vgic_end(&change);
}

static uint64_t read_priorities(struct vcpu *reader, struct vcpu *target, uint32_t first, uint32_t size)
{
    struct vgic_change change = vgic_begin(reader->domain);
    uint64_t value = 0;

    for (uint32_t i = 0; i < size; i++) {
        const struct vgic_irq *irq = vgic_find(change.vgic, target, first + i);
        value |= irq == NULL ? 0 : (uint64_t)irq->priority << (8 * i);
    }
    vgic_end(&change);
    return value;
}

static void write_priorities(struct vcpu *writer, struct vcpu *target, uint32_t first, uint32_t size, uint64_t value)
{
    struct vgic_change change = vgic_begin(writer->domain);

    for (uint32_t i = 0; i < size; i++) {
        struct vgic_irq *irq = vgic_find(change.vgic, target, first + i);
        uint8_t priority = (uint8_t)(value >> (8 * i) & PRIORITY_BITS);
        if (irq != NULL && irq->priority != priority) {
            irq->priority = priority;
            vgic_settle(&change, irq);
        }
    }
    vgic_end(&change);
}

static uint64_t read_config(struct vcpu *reader, struct vcpu *target, uint32_t first)
{
    struct vgic_change change = vgic_begin(reader->domain);
    uint32_t value = 0;

    for (uint32_t i = 0; i < IRQS_PER_ICFGR; i++) {
        const struct vgic_irq *irq = vgic_find(change.vgic, target, first + i);
        value |= irq != NULL && irq->edge ? ICFGR_EDGE << (ICFGR_BITS * i) : 0;
    }
    vgic_end(&change);
    return value;
}

/* SGIs are always edges; a device's interrupt is what its wire is (12.9.9: Int_config may be fixed). */
static void write_config(struct vcpu *writer, struct vcpu *target, uint32_t first, uint32_t value)
{
    struct vgic_change change = vgic_begin(writer->domain);

    for (uint32_t i = 0; i < IRQS_PER_ICFGR; i++) {
        struct vgic_irq *irq = vgic_find(change.vgic, target, first + i);
        bool edge = (value >> (ICFGR_BITS * i) & ICFGR_EDGE) != 0;
        if (irq != NULL && irq->intid >= FIRST_PPI && !irq->assigned && irq->edge != edge) {
            irq->edge = edge;
            vgic_settle(&change, irq);
        }
    }
    vgic_end(&change);
}

uint32_t vgic_bits_first(uint64_t offset)
{
    if (offset >= VGIC_ICFGR) {
        return (uint32_t)(offset - VGIC_ICFGR) * 8 / ICFGR_BITS;
    }
    return (uint32_t)(offset >= VGIC_IPRIORITYR ? offset - VGIC_IPRIORITYR : offset % BANK_BYTES * 8);
}

bool vgic_bits_owns(uint64_t offset)
{
    return (offset >= VGIC_IGROUPR && offset < VGIC_IPRIORITYR + VGIC_MAX_INTIDS) ||
           (offset >= VGIC_ICFGR && offset < VGIC_ICFGR_END);
}

uint64_t vgic_bits_read(struct vcpu *reader, struct vcpu *target, uint64_t offset, uint32_t size)
{
    if (offset >= VGIC_IPRIORITYR && offset < VGIC_ICFGR) {
        bool fits = size == 1 || size == 4;
        return fits ? read_priorities(reader, target, vgic_bits_first(offset), size) : 0;
    }
    if (size != 4) {
        return 0;
    }
    if (offset >= VGIC_ICFGR) {
        return read_config(reader, target, vgic_bits_first(offset));
    }
    return read_bits(reader, target, offset);
}

void vgic_bits_write(struct vcpu *writer, struct vcpu *target, uint64_t offset, uint32_t size, uint64_t value)
{
    if (offset >= VGIC_IPRIORITYR && offset < VGIC_ICFGR) {
        if (size == 1 || size == 4) {
            write_priorities(writer, target, vgic_bits_first(offset), size, value);
        }
    } else if (size == 4 && offset >= VGIC_ICFGR) {
        write_config(writer, target, vgic_bits_first(offset), (uint32_t)value);
    } else if (size == 4) {
        write_bits(writer, target, offset, (uint32_t)value);
    }
}
