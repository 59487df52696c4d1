/* SPDX-License-Identifier: Apache-2.0 */
/* What this CPU needs against speculation across contexts, and its vectors that do it. CPUs of one machine may differ:
 * each asks for itself. */
#include <stdint.h>

#include <xi/boot.h>
#include <xi/cpu.h>
#include <xi/firmware.h>
#include <xi/mitigation.h>

#include <arch/sysreg.h>

#define PSTATE_SSBS S3_3_C4_C2_6
#define SSBS_WITH_REGISTER 2u /* ID_AA64PFR1_EL1.SSBS: MSR and MRS of PSTATE.SSBS are there */
#define WORKAROUND_2_ON 1u

/* vectors.S */
extern char vectors[], vectors_loop[], vectors_clear[], vectors_firmware[];

static uint8_t field(uint64_t value, uint32_t shift)
{
    return (uint8_t)(value >> shift & 0xf);
}

static struct cpu_traits traits_of_this_cpu(void)
{
    return (struct cpu_traits){
        .midr = sysreg_read(midr_el1),
        .csv2 = field(sysreg_read(id_aa64pfr0_el1), 56),
        .ssbs = field(sysreg_read(id_aa64pfr1_el1), 4),
        .ecbhb = field(sysreg_read(id_aa64mmfr1_el1), 60),
        .clrbhb = field(sysreg_read(ID_AA64ISAR2_EL1), 28),
        .workaround = {firmware_arch_feature(SMCCC_ARCH_WORKAROUND_1), firmware_arch_feature(SMCCC_ARCH_WORKAROUND_2),
                       firmware_arch_feature(SMCCC_ARCH_WORKAROUND_3)},
    };
}

static const char *vectors_for(const struct mitigation *m)
{
    if (m->call != 0) {
        return vectors_firmware;
    }
    if (m->history == MITIGATION_CLEAR) {
        return vectors_clear;
    }
    return m->history == MITIGATION_LOOP ? vectors_loop : vectors;
}

void arch_init_mitigations(void)
{
    struct cpu_traits traits = traits_of_this_cpu();
    struct mitigation m = mitigation_choose(&traits);
    struct cpu *cpu = this_cpu();

    cpu->midr = traits.midr;
    cpu->mitigation = m;
    cpu->history_loops = m.loops;
    cpu->entry_call = m.call;
    if (traits.ssbs >= SSBS_WITH_REGISTER) {
        sysreg_write(PSTATE_SSBS, 0); /* until the first entry from a guest, which clears it by SCTLR_EL2.DSSBS */
    }
    if (m.bypass == MITIGATION_FIRMWARE) {
        firmware_arch_call(SMCCC_ARCH_WORKAROUND_2, WORKAROUND_2_ON);
    }
    sysreg_write(vbar_el2, vectors_for(&m));
    isb();
}
