/* SPDX-License-Identifier: Apache-2.0 */
/* What guests read in the identification registers. */
#include <stddef.h>

#include <arch/id_registers.h>

#include "test.h"

#define ALL_ONES (~0ull)

static uint64_t field(uint64_t value, uint32_t at)
{
    return value >> at & 0xf;
}

/* Of a machine that has everything, a guest is not told what it cannot use, with names as in the Arm ARM (DDI 0487). */
static const struct {
    uint8_t crm, op2, at;
} hidden[] = {
    {1, 0, 20}, {1, 0, 28},             /* ID_PFR0: AMU, RAS */
    {1, 1, 4},  {1, 1, 12},             /* ID_PFR1: Security, Virtualization */
    {1, 2, 24},                         /* ID_DFR0: PerfMon */
    {4, 0, 8},  {4, 0, 12},             /* PFR0: EL2, EL3 */
    {4, 0, 28}, {4, 0, 32}, {4, 0, 36}, /* RAS, SVE, SEL2 */
    {4, 0, 40}, {4, 0, 44}, {4, 0, 52}, /* MPAM, AMU, RME */
    {4, 1, 8},  {4, 1, 12}, {4, 1, 16}, /* PFR1: MTE, RAS_frac, MPAM_frac */
    {4, 1, 24}, {4, 1, 32}, {4, 1, 36}, /* SME, CSV2_frac, NMI */
    {5, 0, 4},  {5, 0, 8},  {5, 0, 32}, /* DFR0: TraceVer, PMUVer, PMSVer */
    {5, 0, 36}, {5, 0, 40}, {5, 0, 44}, /* DoubleLock, TraceFilt, TraceBuffer */
    {5, 0, 48}, {5, 0, 52},             /* MTPMU, BRBE */
    {6, 0, 24},                         /* ISAR0: TME */
    {6, 1, 4},  {6, 1, 8},  {6, 1, 24}, /* ISAR1: APA, API, GPA */
    {6, 1, 28}, {6, 1, 56}, {6, 1, 60}, /* GPI, XS, LS64 */
    {6, 2, 0},  {6, 2, 8},  {6, 2, 12}, /* ISAR2: WFxT, GPA3, APA3 */
    {6, 2, 16},                         /* MOPS */
    {7, 0, 56}, {7, 0, 60},             /* MMFR0: FGT, ECV */
    {7, 1, 4},  {7, 1, 8},  {7, 1, 16}, /* MMFR1: VMIDBits, VH, LO */
    {7, 1, 40},                         /* HCX */
    {7, 2, 24}, {7, 2, 36}, {7, 2, 40}, /* MMFR2: NV, IDS, FWB */
    {7, 2, 56},                         /* EVT */
};

TEST(a_guest_is_not_told_what_it_cannot_use)
{
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
        uint64_t seen = id_register_for_guest(hidden[i].crm, hidden[i].op2, ALL_ONES, true);
        test_expect(field(seen, hidden[i].at) == 0, "field is hidden", __FILE__, (int)i);
    }
}

TEST(a_guest_is_told_what_works_as_the_machine_has_it)
{
    EXPECT(id_register_for_guest(6, 0, 0x0021100110212120, true) == 0x0021100110212120); /* ISAR0 */
    EXPECT(field(id_register_for_guest(4, 0, 2, true), 0) == 2);             /* PFR0.EL0: AArch32 too */
    EXPECT(field(id_register_for_guest(4, 0, 0xf0000, true), 16) == 0xf);    /* .FP: none */
    EXPECT(field(id_register_for_guest(4, 1, 0x20, true), 4) == 2);          /* PFR1.SSBS */
    EXPECT(field(id_register_for_guest(7, 1, 1ull << 60, true), 60) == 1);   /* MMFR1.ECBHB */
    EXPECT(field(id_register_for_guest(6, 2, 1ull << 28, true), 28) == 1);   /* ISAR2.CLRBHB */
}

TEST(a_guest_is_told_the_least_that_there_must_be)
{
    EXPECT(id_register_for_guest(4, 0, 0, false) == 0x10); /* EL1 of AArch64 */
    EXPECT(id_register_for_guest(5, 0, 0, false) == 0x101006); /* debug with two breakpoints and two watchpoints */
}

TEST(branch_prediction_is_told_without_the_registers_that_come_with_it)
{
    EXPECT(field(id_register_for_guest(4, 0, 0, true), 56) == 0);
    for (uint64_t csv2 = 1; csv2 <= 3; csv2++) {
        EXPECT(field(id_register_for_guest(4, 0, csv2 << 56, true), 56) == 1);
    }
}

TEST(the_interrupt_controller_is_the_guests)
{
    EXPECT(field(id_register_for_guest(4, 0, ALL_ONES, true), 24) == 1);
    EXPECT(field(id_register_for_guest(4, 0, ALL_ONES, false), 24) == 0);
    EXPECT(field(id_register_for_guest(1, 1, ALL_ONES, true), 28) == 1);
    EXPECT(field(id_register_for_guest(1, 1, ALL_ONES, false), 28) == 0);
}

/* Registers of later architectures are what those before them read as. */
TEST(what_is_not_allocated_reads_as_zero)
{
    static const uint8_t none[][2] = {{3, 3}, {3, 7}, {4, 2}, {4, 3}, {4, 6}, {4, 7}, {5, 2}, {5, 3}, {5, 6}, {5, 7},
                                      {6, 3}, {6, 4}, {6, 7}, {7, 5}, {7, 6}, {7, 7}, {8, 0}, {0, 0}};

    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        EXPECT(id_register_for_guest(none[i][0], none[i][1], ALL_ONES, true) == 0);
    }
}
