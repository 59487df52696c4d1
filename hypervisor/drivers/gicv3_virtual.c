/* SPDX-License-Identifier: Apache-2.0 */
/* Virtual interface control of a GICv3: list registers, active priorities, maintenance. Arm IHI 0069, 12.4. */
#include <stdint.h>

#include <xi/bits.h>
#include <xi/gic.h>

#include <arch/sysreg.h>

#include "gicv3_virtual.h"

#define ICC_SRE_EL1_ALL 0x7u /* system registers, no bypass */
#define ICH_HCR_EN XI_BIT(0)
#define ICH_HCR_LRENPIE XI_BIT(2) /* an interrupt ended that no list register shows */
#define ICH_HCR_NPIE XI_BIT(3)    /* none pending */
#define ICH_HCR_EOICOUNT_SHIFT 27
#define ICH_LR_STATE_SHIFT 62
#define ICH_LR_HW XI_BIT(61)
#define ICH_LR_GROUP1 XI_BIT(60)
#define ICH_LR_PRIORITY_SHIFT 48
#define ICH_LR_PHYSICAL_SHIFT 32
#define ICH_LR_EOI XI_BIT(41) /* maintenance interrupt at its end; without HW */
#define ICH_VMCR_VFIQEN XI_BIT(3) /* RES1 without GICv2 compatibility */

static uint32_t lr_count;
static uint32_t apr_count; /* registers of active priorities, each group */

void gicv3_virtual_init(void)
{
    uint64_t type = sysreg_read(ICH_VTR_EL2);

    lr_count = (uint32_t)(type & 31) + 1;
    if (lr_count > GIC_MAX_LRS) {
        lr_count = GIC_MAX_LRS;
    }
    apr_count = 1u << (((type >> 26) & 7) + 1 - 5);
    sysreg_write(ICH_HCR_EL2, 0);
    isb();
}

uint32_t gicv3_list_registers(void)
{
    return lr_count;
}

/* Encodings of ICH_LR<n>_EL2: the index is part of the instruction. */
#define LR_CASES(X) \
    X(0, 12, 0) X(1, 12, 1) X(2, 12, 2) X(3, 12, 3) X(4, 12, 4) X(5, 12, 5) X(6, 12, 6) X(7, 12, 7) \
    X(8, 13, 0) X(9, 13, 1) X(10, 13, 2) X(11, 13, 3) X(12, 13, 4) X(13, 13, 5) X(14, 13, 6) X(15, 13, 7)
#define LR_READ(i, m, n) \
    case i:              \
        return sysreg_read(S3_4_C12_C##m##_##n);
#define LR_WRITE(i, m, n)                           \
    case i:                                         \
        sysreg_write(S3_4_C12_C##m##_##n, value);   \
        break;

static uint64_t read_lr(uint32_t index)
{
    switch (index) {
        LR_CASES(LR_READ)
    default:
        return 0;
    }
}

static void write_lr(uint32_t index, uint64_t value)
{
    switch (index) {
        LR_CASES(LR_WRITE)
    default:
        break;
    }
}

enum lr_state gicv3_lr_state(uint32_t index)
{
    return (enum lr_state)(read_lr(index) >> ICH_LR_STATE_SHIFT);
}

void gicv3_write_lr(uint32_t index, const struct lr *lr)
{
    uint64_t value = lr->intid | (uint64_t)lr->priority << ICH_LR_PRIORITY_SHIFT | (uint64_t)lr->state << ICH_LR_STATE_SHIFT;

    value |= lr->group1 ? ICH_LR_GROUP1 : 0;
    value |= lr->hw ? ICH_LR_HW | (uint64_t)lr->physical << ICH_LR_PHYSICAL_SHIFT : 0;
    value |= lr->notify && !lr->hw ? ICH_LR_EOI : 0;
    write_lr(index, lr->state == LR_INVALID ? 0 : value);
}

uint32_t gicv3_ended_unlisted(void)
{
    uint64_t hcr = sysreg_read(ICH_HCR_EL2);
    uint32_t count = (uint32_t)(hcr >> ICH_HCR_EOICOUNT_SHIFT) & 31;

    if (count != 0) {
        sysreg_write(ICH_HCR_EL2, hcr & ~(31ULL << ICH_HCR_EOICOUNT_SHIFT));
    }
    return count;
}

void gicv3_want_maintenance(bool none_pending, bool unlisted)
{
    sysreg_write(ICH_HCR_EL2,
                 ICH_HCR_EN | (none_pending ? ICH_HCR_NPIE : 0) | (unlisted ? ICH_HCR_LRENPIE : 0));
}

void gicv3_vcpu_reset(struct gic_vcpu *state)
{
    *state = (struct gic_vcpu){.vmcr = (uint32_t)ICH_VMCR_VFIQEN, .hcr = (uint32_t)ICH_HCR_EN};
}

static void save_active_priorities(struct gic_vcpu *s)
{
    s->ap0r[0] = (uint32_t)sysreg_read(ICH_AP0R0_EL2);
    s->ap1r[0] = (uint32_t)sysreg_read(ICH_AP1R0_EL2);
    if (apr_count >= 2) {
        s->ap0r[1] = (uint32_t)sysreg_read(ICH_AP0R1_EL2);
        s->ap1r[1] = (uint32_t)sysreg_read(ICH_AP1R1_EL2);
    }
    if (apr_count >= 4) {
        s->ap0r[2] = (uint32_t)sysreg_read(ICH_AP0R2_EL2);
        s->ap1r[2] = (uint32_t)sysreg_read(ICH_AP1R2_EL2);
        s->ap0r[3] = (uint32_t)sysreg_read(ICH_AP0R3_EL2);
        s->ap1r[3] = (uint32_t)sysreg_read(ICH_AP1R3_EL2);
    }
}

static void load_active_priorities(const struct gic_vcpu *s)
{
    sysreg_write(ICH_AP0R0_EL2, s->ap0r[0]);
    sysreg_write(ICH_AP1R0_EL2, s->ap1r[0]);
    if (apr_count >= 2) {
        sysreg_write(ICH_AP0R1_EL2, s->ap0r[1]);
        sysreg_write(ICH_AP1R1_EL2, s->ap1r[1]);
    }
    if (apr_count >= 4) {
        sysreg_write(ICH_AP0R2_EL2, s->ap0r[2]);
        sysreg_write(ICH_AP1R2_EL2, s->ap1r[2]);
        sysreg_write(ICH_AP0R3_EL2, s->ap0r[3]);
        sysreg_write(ICH_AP1R3_EL2, s->ap1r[3]);
    }
}

void gicv3_vcpu_save(struct gic_vcpu *state)
{
    dsb(sy); /* the guest's accesses to the virtual interface are done */
    state->hcr = (uint32_t)sysreg_read(ICH_HCR_EL2);
    state->vmcr = (uint32_t)sysreg_read(ICH_VMCR_EL2);
    for (uint32_t i = 0; i < lr_count; i++) {
        state->lr[i] = read_lr(i);
        write_lr(i, 0);
    }
    save_active_priorities(state);
    sysreg_write(ICH_HCR_EL2, 0); /* no maintenance interrupt for a vCPU that is away */
    isb();
}

void gicv3_vcpu_load(const struct gic_vcpu *state)
{
    sysreg_write(ICC_SRE_EL1, ICC_SRE_EL1_ALL); /* one guest's choice, where it has one, is not the next one's */
    sysreg_write(ICH_VMCR_EL2, state->vmcr);
    load_active_priorities(state);
    for (uint32_t i = 0; i < lr_count; i++) {
        write_lr(i, state->lr[i]);
    }
    sysreg_write(ICH_HCR_EL2, state->hcr);
    isb();
}
