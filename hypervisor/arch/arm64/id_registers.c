/* SPDX-License-Identifier: Apache-2.0 */
/* Arm ARM (DDI 0487), the ID_… registers, those of AArch32 as AArch64 reads them. A field is shown where
 * the feature works for a guest without help: it has no register that we do not exchange, and no trap that we do not
 * take. No register is read here: the host's tests run this file. */
#include <arch/id_registers.h>

#define NIBBLE(at) (0xfULL << (at))
#define ONE(at) (1ULL << (at))
#define ALL (~0ULL)

/* Which bits of a register the guest sees as they are, and which it sees set. Registers that are not here are not
 * allocated yet, and read as zero. */
static const struct {
    uint8_t crm, op2;
    uint64_t keep, set;
} rules[] = {
    /* AArch32, for programs at EL0 */
    {1, 0, ALL & ~(NIBBLE(20) | NIBBLE(28)), 0},              /* ID_PFR0: no AMU, RAS */
    {1, 1, ALL & ~(NIBBLE(4) | NIBBLE(12) | NIBBLE(28)), 0},  /* ID_PFR1: no Security, Virtualization; GIC below */
    {1, 2, ALL & ~(NIBBLE(8) | NIBBLE(12) | NIBBLE(16) | NIBBLE(20) | NIBBLE(24) | NIBBLE(28)), 0}, /* ID_DFR0: debug */
    {1, 3, 0, 0},                                             /* ID_AFR0 */
    {1, 4, ALL, 0},                                           /* ID_MMFR0 to */
    {1, 5, ALL, 0},
    {1, 6, ALL, 0},
    {1, 7, ALL, 0},                                           /* ID_MMFR3 */
    {2, 0, ALL, 0},                                           /* ID_ISAR0 to */
    {2, 1, ALL, 0},
    {2, 2, ALL, 0},
    {2, 3, ALL, 0},
    {2, 4, ALL, 0},
    {2, 5, ALL, 0},                                           /* ID_ISAR5 */
    {2, 6, ALL & ~NIBBLE(20), 0},                             /* ID_MMFR4: no LSM, which is EL1's */
    {2, 7, ALL, 0},                                           /* ID_ISAR6 */
    {3, 0, ALL, 0},                                           /* MVFR0 to */
    {3, 1, ALL, 0},
    {3, 2, ALL, 0},                                           /* MVFR2 */
    {3, 4, NIBBLE(0) | NIBBLE(4), 0},                         /* ID_PFR2: CSV3, SSBS; no RAS_frac */
    {3, 5, 0, 0},                                             /* ID_DFR1 */
    {3, 6, 0, 0},                                             /* ID_MMFR5 */
    /* AArch64 */
    {4, 0, NIBBLE(0) | NIBBLE(16) | NIBBLE(20) | NIBBLE(48) | NIBBLE(60), ONE(4)}, /* PFR0: EL0 as it is, EL1 AArch64
                           alone, FP, SIMD, DIT, CSV3; CSV2 and GIC below. No EL2, EL3, RAS, SVE, SEL2, MPAM, AMU */
    {4, 1, NIBBLE(0) | NIBBLE(4), 0},                         /* PFR1: BTI, SSBS. No MTE, SME, NMI */
    {4, 4, 0, 0},                                             /* ZFR0: no SVE */
    {4, 5, 0, 0},                                             /* SMFR0: no SME */
    {5, 0, 0, 6 | ONE(12) | ONE(20)},                         /* DFR0: v8 debug, two of each; no PMU, trace, SPE, TRBE */
    {5, 1, 0, 0},                                             /* DFR1 */
    {5, 4, 0, 0},                                             /* AFR0 */
    {5, 5, 0, 0},                                             /* AFR1 */
    {6, 0, ALL & ~NIBBLE(24), 0},                             /* ISAR0: no TME */
    {6, 1, ALL & ~(NIBBLE(4) | NIBBLE(8) | NIBBLE(24) | NIBBLE(28) | NIBBLE(56) | NIBBLE(60)), 0}, /* ISAR1: no PAuth,
                           XS, LS64 */
    {6, 2, NIBBLE(4) | NIBBLE(28), 0},                        /* ISAR2: RPRES, CLRBHB. No PAuth, MOPS, WFxT */
    {7, 0, 0xffffffffULL, 0},                                 /* MMFR0: sizes and granules of stage 1. No FGT, ECV */
    {7, 1, NIBBLE(0) | NIBBLE(12) | NIBBLE(20) | NIBBLE(48) | NIBBLE(60), 0}, /* MMFR1: HAFDBS, HPDS, PAN, nTLBPA, ECBHB.
                           No VHE, LOR, HCX */
    {7, 2, NIBBLE(0) | NIBBLE(4) | NIBBLE(8) | NIBBLE(16) | NIBBLE(20) | NIBBLE(28) | NIBBLE(32) | NIBBLE(48) | NIBBLE(52) |
               NIBBLE(60), 0},                                /* MMFR2: CnP, UAO, LSM, VA, CCIDX, ST, AT, TTL, BBM, E0PD.
                           No NV, EVT */
    {7, 3, 0, 0},                                             /* MMFR3, */
    {7, 4, 0, 0},                                             /* MMFR4 */
};

/* Whether branch prediction of one context can be trained by another: as the machine says, but the registers that
 * come with higher values, SCXTNUM_ELx, are not switched. */
static uint64_t csv2(uint64_t raw)
{
    return (raw & NIBBLE(56)) != 0 ? ONE(56) : 0;
}

uint64_t id_register_for_guest(uint32_t crm, uint32_t op2, uint64_t raw, bool gicv3)
{
    uint64_t value = 0;

    for (uint32_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i].crm == crm && rules[i].op2 == op2) {
            value = (raw & rules[i].keep) | rules[i].set;
        }
    }
    if (crm == 4 && op2 == 0) {
        value |= csv2(raw) | (gicv3 ? ONE(24) : 0); /* whether the interrupt controller has system registers */
    }
    if (crm == 1 && op2 == 1) {
        value |= gicv3 ? ONE(28) : 0;
    }
    return value;
}
