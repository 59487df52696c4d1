/* SPDX-License-Identifier: Apache-2.0 */
/* System registers that a guest may not touch itself: identification with what we do not offer taken
 * out, debug and performance monitors that read as zero, the physical timer, SGI generation. All
 * others are undefined to the guest. DDI 0487, D17 and D22. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/domain.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>
#include <xi/vtimer.h>

#include <arch/sysreg.h>
#include <arch/trap.h>

#define KEY(op0, op1, crn, crm, op2) \
    (((op0) << 16) | ((op1) << 12) | ((crn) << 8) | ((crm) << 4) | (op2))

/* Raw value of an ID register; the whole space reads, as zero where nothing is allocated. */
#define ID_CASE(m, n)                                    \
    case ((m) << 4) | (n):                               \
        return sysreg_read(S3_0_C0_C##m##_##n)
#define ID_CASES(m)   \
    ID_CASE(m, 0);    \
    ID_CASE(m, 1);    \
    ID_CASE(m, 2);    \
    ID_CASE(m, 3);    \
    ID_CASE(m, 4);    \
    ID_CASE(m, 5);    \
    ID_CASE(m, 6);    \
    ID_CASE(m, 7)

static uint64_t id_raw(uint32_t crm, uint32_t op2)
{
    switch ((crm << 4) | op2) {
        ID_CASES(1);
        ID_CASES(2);
        ID_CASES(3);
        ID_CASES(4);
        ID_CASES(5);
        ID_CASES(6);
        ID_CASES(7);
    default:
        return 0;
    }
}

#define NIBBLE(at) (0xfULL << (at))

/* Which bits of an ID register the guest sees as they are, and which it sees set. Everything that
 * needs state that we do not switch, or traps that we do not take, is left out. */
static const struct {
    uint8_t crm, op2;
    uint64_t keep, set;
} id_rules[] = {
    /* PFR0: EL0 as it is, EL1 AArch64 only, no EL2/EL3, FP, SIMD, DIT, CSV3; what depends is added below */
    {4, 0, NIBBLE(0) | NIBBLE(16) | NIBBLE(20) | NIBBLE(48) | NIBBLE(60), 0x10},
    {4, 1, NIBBLE(0) | NIBBLE(4), 0},                     /* PFR1: BTI, SSBS */
    {4, 4, 0, 0},                                         /* ZFR0: no SVE */
    {4, 5, 0, 0},                                         /* SMFR0: no SME */
    {5, 0, 0, 0x6 | (1ULL << 12) | (1ULL << 20)},         /* DFR0: v8 debug, two of each, no PMU */
    {5, 1, 0, 0},                                         /* DFR1 */
    {5, 4, 0, 0},                                         /* AFR0 */
    {5, 5, 0, 0},                                         /* AFR1 */
    {6, 0, ~NIBBLE(24), 0},                               /* ISAR0: no TME */
    {6, 1, ~(NIBBLE(4) | NIBBLE(8) | NIBBLE(24) | NIBBLE(28) | NIBBLE(56) | NIBBLE(60)), 0}, /* ISAR1: no PAuth, XS, LS64 */
    {6, 2, NIBBLE(4), 0},                                 /* ISAR2: RPRES */
    {7, 0, 0x00000000ffffffffULL, 0},                       /* MMFR0: sizes and granules of stage 1 */
    {7, 1, NIBBLE(0) | NIBBLE(12) | NIBBLE(20) | NIBBLE(48), 0}, /* MMFR1: HAFDBS, HPDS, PAN, nTLBPA */
    {7, 2, NIBBLE(0) | NIBBLE(4) | NIBBLE(8) | NIBBLE(16) | NIBBLE(20) | NIBBLE(28) | NIBBLE(32) | NIBBLE(48) |
               NIBBLE(52) | NIBBLE(60), 0},               /* MMFR2: CnP, UAO, LSM, VA, CCIDX, ST, AT, TTL, BBM, E0PD */
    {7, 3, 0, 0},                                         /* MMFR3, */
    {7, 4, 0, 0},                                         /* MMFR4 */
    {1, 2, ~(NIBBLE(8) | NIBBLE(12) | NIBBLE(24)), 0},    /* DFR0_EL1 of AArch32: no trace, no PMU */
};

/* Whether branch prediction of one context can be trained by another: as the machine says, but the registers that
 * come with higher values, SCXTNUM_ELx, are not switched. */
static uint64_t csv2(void)
{
    return (sysreg_read(id_aa64pfr0_el1) & NIBBLE(56)) != 0 ? 1ULL << 56 : 0;
}

/* Whether the guest's interrupt controller has system registers. */
static uint64_t gic_registers(const struct vcpu *vcpu)
{
    return vcpu->domain->vgic.version == 3 ? 1ULL << 24 : 0;
}

static uint64_t id_register(const struct vcpu *vcpu, uint32_t crm, uint32_t op2)
{
    uint64_t raw = id_raw(crm, op2);

    for (uint32_t i = 0; i < sizeof(id_rules) / sizeof(id_rules[0]); i++) {
        if (id_rules[i].crm == crm && id_rules[i].op2 == op2) {
            raw = (raw & id_rules[i].keep) | id_rules[i].set;
            break;
        }
    }
    return crm == 4 && op2 == 0 ? raw | csv2() | gic_registers(vcpu) : raw;
}

struct access {
    uint32_t key;
    bool read;
    bool user;       /* from EL0 */
    uint64_t *value; /* register to read from or write to; writes to XZR come with a zero */
};

/* Registers of the space Op0 = 3, Op1 = 0, CRn = 0 that HCR_EL2.TID3 traps. Read only. */
static bool id_access(const struct vcpu *vcpu, const struct access *a)
{
    if (!a->read) {
        return false;
    }
    *a->value = id_register(vcpu, (a->key >> 4) & 0xf, a->key & 7);
    return true;
}

static bool zero_access(const struct access *a)
{
    if (a->user) {
        return false;
    }
    if (a->read) {
        *a->value = 0;
    }
    return true;
}

static bool sgi_access(struct vcpu *vcpu, const struct access *a, bool group1)
{
    if (a->read || a->user || vcpu->domain->vgic.version != 3) {
        return false;
    }
    if (group1) {
        vgic_v3_sgi1r(vcpu, *a->value);
    } else {
        vgic_v3_sgi0r(vcpu, *a->value);
    }
    return true;
}

static bool is_performance_monitor(uint32_t key)
{
    uint32_t op1 = (key >> 12) & 7;
    uint32_t crn = (key >> 8) & 0xf;
    uint32_t crm = (key >> 4) & 0xf;

    if (key >> 16 != 3) {
        return false;
    }
    return (crn == 9 && crm >= 12 && crm <= 14 && (op1 == 0 || op1 == 3)) || (crn == 14 && crm >= 8 && op1 == 3);
}

static bool sysreg_access(struct vcpu *vcpu, const struct access *a)
{
    switch (a->key) {
    case KEY(3, 0, 12, 11, 5): /* ICC_SGI1R_EL1 */
        return sgi_access(vcpu, a, true);
    case KEY(3, 0, 12, 11, 6): /* ICC_ASGI1R_EL1 */
    case KEY(3, 0, 12, 11, 7): /* ICC_SGI0R_EL1 */
        return sgi_access(vcpu, a, false);
    case KEY(3, 3, 14, 2, 0): /* CNTP_TVAL_EL0, */
        return vtimer_tval(vcpu, a->read, a->value);
    case KEY(3, 3, 14, 2, 1): /* _CTL_, */
        return vtimer_ctl(vcpu, a->read, a->value);
    case KEY(3, 3, 14, 2, 2): /* _CVAL_ */
        return vtimer_cval(vcpu, a->read, a->value);
    case KEY(3, 0, 1, 0, 1): /* ACTLR_EL1 */
        return zero_access(a);
    default:
        break;
    }
    if (a->key >> 8 == KEY(3, 0, 0, 0, 0) >> 8 && (a->key & 0xf0) != 0) {
        return id_access(vcpu, a);
    }
    if (a->key >> 16 == 2 || is_performance_monitor(a->key)) {
        return zero_access(a);
    }
    return false;
}

bool trap_sysreg(struct vcpu *vcpu, uint64_t esr)
{
    uint32_t iss = (uint32_t)ESR_ISS(esr);
    uint32_t rt = (iss >> 5) & 31;
    uint64_t zero = 0;
    struct access a = {
        .key = KEY((iss >> 20) & 3, (iss >> 14) & 7, (iss >> 10) & 15, (iss >> 1) & 15, (iss >> 17) & 7),
        .read = (iss & 1) != 0,
        .user = (vcpu->regs.pstate & SPSR_MODE) == SPSR_EL0T,
        .value = rt == 31 ? &zero : &vcpu->regs.x[rt],
    };

    return sysreg_access(vcpu, &a);
}
