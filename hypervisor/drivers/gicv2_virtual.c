/* SPDX-License-Identifier: Apache-2.0 */
/* Virtual interface control of a GICv2: list registers, active priorities, maintenance. Arm IHI 0048B, 5.3. */
#include <stdint.h>

#include <xi/bits.h>
#include <xi/device.h>
#include <xi/gic.h>

#include <arch/sysreg.h>

#include "gicv2_virtual.h"

enum {
    GICH_HCR = 0x000,
    GICH_VTR = 0x004,
    GICH_VMCR = 0x008,
    GICH_APR = 0x0f0,
    GICH_LR = 0x100,
};

#define GICH_HCR_EN 1u
#define GICH_HCR_LRENPIE 4u /* an interrupt ended that no list register shows */
#define GICH_HCR_NPIE 8u    /* none pending */
#define GICH_HCR_EOICOUNT XI_FIELD(27, 5)
#define GICH_VTR_LISTREGS XI_FIELD(0, 6) /* less one */
#define GICH_LR_HW XI_BIT(31)
#define GICH_LR_GROUP1 XI_BIT(30)
#define GICH_LR_STATE XI_FIELD(28, 2)
#define GICH_LR_PRIORITY XI_FIELD(23, 5) /* upper bits of the byte */
#define GICH_LR_EOI XI_BIT(19)           /* maintenance interrupt at its end; without HW */
#define GICH_LR_PHYSICAL XI_FIELD(10, 10)
#define GICH_LR_CPU XI_FIELD(10, 3)      /* sender of an SGI; without HW */
#define GICH_LR_VIRTUAL XI_FIELD(0, 10)
#define PRIORITY_SHIFT 3u

static mmio_t control;
static uint32_t lr_count;

void gicv2_virtual_map(mmio_t registers)
{
    control = registers;
}

void gicv2_virtual_init(void)
{
    lr_count = (uint32_t)xi_field_get(GICH_VTR_LISTREGS, mmio_read32(control, GICH_VTR)) + 1;
    if (lr_count > GIC_MAX_LRS) {
        lr_count = GIC_MAX_LRS;
    }
    mmio_write32(control, GICH_HCR, 0);
    for (uint32_t i = 0; i < lr_count; i++) {
        mmio_write32(control, GICH_LR + 4 * i, 0);
    }
}

uint32_t gicv2_list_registers(void)
{
    return lr_count;
}

enum lr_state gicv2_lr_state(uint32_t index)
{
    return (enum lr_state)xi_field_get(GICH_LR_STATE, mmio_read32(control, GICH_LR + 4 * index));
}

void gicv2_write_lr(uint32_t index, const struct lr *lr)
{
    uint64_t value = xi_field_put(GICH_LR_VIRTUAL, lr->intid) | xi_field_put(GICH_LR_STATE, lr->state) |
                     xi_field_put(GICH_LR_PRIORITY, lr->priority >> PRIORITY_SHIFT);

    value |= lr->group1 ? GICH_LR_GROUP1 : 0;
    value |= lr->hw ? GICH_LR_HW | xi_field_put(GICH_LR_PHYSICAL, lr->physical)
                    : xi_field_put(GICH_LR_CPU, lr->source) | (lr->notify ? GICH_LR_EOI : 0);
    mmio_write32(control, GICH_LR + 4 * index, lr->state == LR_INVALID ? 0 : (uint32_t)value);
}

uint32_t gicv2_ended_unlisted(void)
{
    uint32_t hcr = mmio_read32(control, GICH_HCR);
    uint32_t count = (uint32_t)xi_field_get(GICH_HCR_EOICOUNT, hcr);

    if (count != 0) {
        mmio_write32(control, GICH_HCR, hcr & (uint32_t)~GICH_HCR_EOICOUNT);
    }
    return count;
}

void gicv2_want_maintenance(bool none_pending, bool unlisted)
{
    mmio_write32(control, GICH_HCR,
                 GICH_HCR_EN | (none_pending ? GICH_HCR_NPIE : 0) | (unlisted ? GICH_HCR_LRENPIE : 0));
}

void gicv2_vcpu_reset(struct gic_vcpu *state)
{
    *state = (struct gic_vcpu){.hcr = GICH_HCR_EN};
}

void gicv2_vcpu_save(struct gic_vcpu *state)
{
    dsb(sy); /* the guest's accesses to the virtual interface are done */
    state->hcr = mmio_read32(control, GICH_HCR);
    state->vmcr = mmio_read32(control, GICH_VMCR);
    state->ap0r[0] = mmio_read32(control, GICH_APR);
    for (uint32_t i = 0; i < lr_count; i++) {
        state->lr[i] = mmio_read32(control, GICH_LR + 4 * i);
        mmio_write32(control, GICH_LR + 4 * i, 0);
    }
    mmio_write32(control, GICH_HCR, 0); /* no maintenance interrupt for a vCPU that is away */
}

void gicv2_vcpu_load(const struct gic_vcpu *state)
{
    mmio_write32(control, GICH_VMCR, state->vmcr);
    mmio_write32(control, GICH_APR, state->ap0r[0]);
    for (uint32_t i = 0; i < lr_count; i++) {
        mmio_write32(control, GICH_LR + 4 * i, (uint32_t)state->lr[i]);
    }
    mmio_write32(control, GICH_HCR, state->hcr);
}
