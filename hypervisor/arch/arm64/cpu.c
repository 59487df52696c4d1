/* SPDX-License-Identifier: Apache-2.0 */
/* A CPU at EL2: its private pointer, the traps that guests run under, its counter and timer. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/boot.h>
#include <xi/cpu.h>
#include <xi/serror.h>

#include <arch/cpu.h>
#include <arch/layout.h>
#include <arch/sysreg.h>
#include <arch/trap.h>

/* Fine-grained traps and HCRX_EL2 are not in older assemblers. Their reset values are unknown. */
#define HCRX_EL2 S3_4_C1_C2_2
#define HFGRTR_EL2 S3_4_C1_C1_4
#define HFGWTR_EL2 S3_4_C1_C1_5
#define HFGITR_EL2 S3_4_C1_C1_6
#define HDFGRTR_EL2 S3_4_C3_C1_4
#define HDFGWTR_EL2 S3_4_C3_C1_5

#define GUEST_HCR                                                                                           \
    (HCR_VM | HCR_SWIO | HCR_PTW | HCR_FMO | HCR_IMO | HCR_AMO | HCR_FB | HCR_BSU_IS | HCR_TWI | HCR_TID3 | \
     HCR_TSC | HCR_TIDCP | HCR_TACR | HCR_RW | HCR_TLOR | HCR_TERR)

struct cpu *this_cpu(void)
{
    return (struct cpu *)sysreg_read(tpidr_el2);
}

uint32_t arch_cpu_index(void)
{
    return this_cpu()->index;
}

struct vcpu *arch_current_vcpu(void)
{
    return this_cpu()->current;
}

static uint32_t id_field(uint64_t value, uint32_t shift)
{
    return (uint32_t)(value >> shift) & 0xf;
}

/* Debug, performance monitors, profiling and trace belong to nobody; the counters' number stays as the machine has it,
 * because MDCR_EL2.HPMN beyond it is unpredictable. */
static uint64_t guest_mdcr(void)
{
    uint32_t pmu = id_field(sysreg_read(id_aa64dfr0_el1), 8);
    uint64_t counters = pmu != 0 && pmu != 15 ? (sysreg_read(pmcr_el0) >> 11) & 31 : 0;

    return counters | MDCR_TPM | MDCR_TPMCR | MDCR_TDA | MDCR_TDOSA | MDCR_TDRA | MDCR_TPMS | MDCR_TTRF;
}

/* VTCR_EL2: 40-bit or smaller guest addresses; the walker of core/stage2.c uses the same shape. */
void cpu_init_traps(uint64_t vtcr)
{
    if (id_field(sysreg_read(id_aa64mmfr1_el1), 40) != 0) {
        sysreg_write(HCRX_EL2, 0);
    }
    if (id_field(sysreg_read(id_aa64mmfr0_el1), 56) != 0) {
        sysreg_write(HFGRTR_EL2, 0);
        sysreg_write(HFGWTR_EL2, 0);
        sysreg_write(HFGITR_EL2, 0);
        sysreg_write(HDFGRTR_EL2, 0);
        sysreg_write(HDFGWTR_EL2, 0);
    }
    sysreg_write(vtcr_el2, vtcr);
    sysreg_write(cptr_el2, CPTR_RES1 | CPTR_TAM | CPTR_TTA | CPTR_TSM | CPTR_TZ);
    sysreg_write(mdcr_el2, guest_mdcr());
    sysreg_write(hstr_el2, 0);
    sysreg_write(vpidr_el2, sysreg_read(midr_el1));
    sysreg_write(cnthctl_el2, CNTHCTL_EL1PCTEN);
    sysreg_write(cnthp_ctl_el2, 0);
    sysreg_write(cntv_ctl_el0, 0);
    sysreg_write(cntp_ctl_el0, 0);
    sysreg_write(mdscr_el1, 0);
    sysreg_write(hcr_el2, GUEST_HCR);
    isb();
    __asm__ volatile("tlbi alle1" : : : "memory");
    dsb(nsh);
    isb();
}

uint32_t arch_address_bits(void)
{
    static const uint8_t bits[] = {32, 36, 40, 42, 44, 48};
    uint32_t range = id_field(sysreg_read(id_aa64mmfr0_el1), 0);

    return range < sizeof(bits) ? bits[range] : 48;
}

uint64_t arch_counter(void)
{
    isb(); /* the counter may otherwise be read early */
    return sysreg_read(cntpct_el0);
}

uint32_t arch_counter_frequency(void)
{
    return (uint32_t)sysreg_read(cntfrq_el0);
}

void arch_set_deadline(uint64_t counter)
{
    if (counter == UINT64_MAX) {
        sysreg_write(cnthp_ctl_el2, 0);
    } else {
        sysreg_write(cnthp_cval_el2, counter);
        sysreg_write(cnthp_ctl_el2, TIMER_CTL_ENABLE);
    }
    isb();
}

void arch_idle(void)
{
    serror_met(this_cpu()->loaded, arch_take_serror());
    if (serror_settle()) {
        return; /* a domain ends: there may be something to do */
    }
    dsb(sy); /* everything that others wait for is out */
    __asm__ volatile("wfi" : : : "memory");
}

bool arch_interrupt_waits(void)
{
    return (sysreg_read(isr_el1) & ISR_I) != 0;
}

void arch_relax(void)
{
    __asm__ volatile("yield");
}
