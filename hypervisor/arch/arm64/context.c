/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a vCPU that lives in system registers, and its exchange. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/cpu.h>
#include <xi/domain.h>
#include <xi/gic.h>
#include <xi/serror.h>
#include <xi/vcpu.h>
#include <xi/vtimer.h>

#include <arch/context.h>
#include <arch/layout.h>
#include <arch/sysreg.h>
#include <arch/trap.h>

_Static_assert(offsetof(struct vcpu, regs) == 0, "the trap entry stores at the start of struct vcpu");
_Static_assert(offsetof(struct guest_regs, pc) == REGS_PC, "vectors.S");
_Static_assert(offsetof(struct guest_regs, pstate) == REGS_PC + 8, "vectors.S");
_Static_assert(offsetof(struct cpu, current) == CPU_CURRENT, "vectors.S");
_Static_assert(offsetof(struct cpu, stack_top) == CPU_STACK_TOP, "head.S");
_Static_assert(offsetof(struct cpu, history_loops) == CPU_HISTORY_LOOPS, "vectors.S");
_Static_assert(offsetof(struct cpu, entry_call) == CPU_ENTRY_CALL, "vectors.S");
_Static_assert(SPSR_A == SPSR_A_BIT, "vectors.S");
_Static_assert(XI_MAX_CPUS == MAX_CPUS, "stacks");

#define MPIDR_RES1 (1ULL << 31)
#define VCPUS_PER_CLUSTER 16u /* one SGI target list, ICC_SGI1R_EL1 */

_Static_assert(sizeof(struct arch_vcpu) <= 4096, "one page");

uint64_t arch_vcpu_mpidr(uint32_t id)
{
    return MPIDR_RES1 | ((uint64_t)(id / VCPUS_PER_CLUSTER) << 8) | (id % VCPUS_PER_CLUSTER);
}

static void reset_registers(struct vcpu *vcpu, uint64_t entry, uint64_t context)
{
    struct arch_vcpu *a = vcpu->arch;

    *a = (struct arch_vcpu){.sctlr = SCTLR_EL1_RESET, .cntvoff = a->cntvoff, .vmpidr = arch_vcpu_mpidr(vcpu->id)};
    vcpu->regs = (struct guest_regs){.pc = entry, .pstate = SPSR_EL1H | SPSR_D | SPSR_A | SPSR_I | SPSR_F};
    vcpu->regs.x[0] = context;
}

void arch_vcpu_reset(struct vcpu *vcpu, uint64_t entry, uint64_t context)
{
    reset_registers(vcpu, entry, context);
    gic->vcpu_reset(&vcpu->arch->gic);
}

size_t arch_vcpu_size(void)
{
    return sizeof(struct arch_vcpu);
}

void arch_vcpu_set_counter_offset(struct vcpu *vcpu, uint64_t offset)
{
    vcpu->arch->cntvoff = offset;
}

static void save_el1(struct arch_vcpu *a)
{
    a->sctlr = sysreg_read(sctlr_el1);
    a->cpacr = sysreg_read(cpacr_el1);
    a->ttbr0 = sysreg_read(ttbr0_el1);
    a->ttbr1 = sysreg_read(ttbr1_el1);
    a->tcr = sysreg_read(tcr_el1);
    a->esr = sysreg_read(esr_el1);
    a->far = sysreg_read(far_el1);
    a->afsr0 = sysreg_read(afsr0_el1);
    a->afsr1 = sysreg_read(afsr1_el1);
    a->mair = sysreg_read(mair_el1);
    a->amair = sysreg_read(amair_el1);
    a->vbar = sysreg_read(vbar_el1);
    a->contextidr = sysreg_read(contextidr_el1);
    a->tpidr_el0 = sysreg_read(tpidr_el0);
    a->tpidrro_el0 = sysreg_read(tpidrro_el0);
    a->tpidr_el1 = sysreg_read(tpidr_el1);
    a->sp_el0 = sysreg_read(sp_el0);
    a->sp_el1 = sysreg_read(sp_el1);
    a->elr = sysreg_read(elr_el1);
    a->spsr = sysreg_read(spsr_el1);
    a->par = sysreg_read(par_el1);
    a->csselr = sysreg_read(csselr_el1);
    a->cntkctl = sysreg_read(cntkctl_el1);
}

static void load_el1(const struct arch_vcpu *a)
{
    sysreg_write(sctlr_el1, a->sctlr);
    sysreg_write(cpacr_el1, a->cpacr);
    sysreg_write(ttbr0_el1, a->ttbr0);
    sysreg_write(ttbr1_el1, a->ttbr1);
    sysreg_write(tcr_el1, a->tcr);
    sysreg_write(esr_el1, a->esr);
    sysreg_write(far_el1, a->far);
    sysreg_write(afsr0_el1, a->afsr0);
    sysreg_write(afsr1_el1, a->afsr1);
    sysreg_write(mair_el1, a->mair);
    sysreg_write(amair_el1, a->amair);
    sysreg_write(vbar_el1, a->vbar);
    sysreg_write(contextidr_el1, a->contextidr);
    sysreg_write(tpidr_el0, a->tpidr_el0);
    sysreg_write(tpidrro_el0, a->tpidrro_el0);
    sysreg_write(tpidr_el1, a->tpidr_el1);
    sysreg_write(sp_el0, a->sp_el0);
    sysreg_write(sp_el1, a->sp_el1);
    sysreg_write(elr_el1, a->elr);
    sysreg_write(spsr_el1, a->spsr);
    sysreg_write(par_el1, a->par);
    sysreg_write(csselr_el1, a->csselr);
    sysreg_write(cntkctl_el1, a->cntkctl);
}

/* A 32-bit program of the guest has these three registers besides. */
static void save_aarch32(struct arch_vcpu *a)
{
    a->dacr32 = sysreg_read(dacr32_el2);
    a->ifsr32 = sysreg_read(ifsr32_el2);
    a->fpexc32 = sysreg_read(fpexc32_el2);
}

static void load_aarch32(const struct arch_vcpu *a)
{
    sysreg_write(dacr32_el2, a->dacr32);
    sysreg_write(ifsr32_el2, a->ifsr32);
    sysreg_write(fpexc32_el2, a->fpexc32);
}

static bool has_aarch32(void)
{
    return (sysreg_read(id_aa64pfr0_el1) & 0xf0) == 0x20; /* EL1 */
}

/* With RAS and HCR_EL2.AMO a guest's DISR_EL1 is VDISR_EL2, which no trap keeps from it. */
static bool has_ras(void)
{
    return (sysreg_read(id_aa64pfr0_el1) & 0xf0000000) != 0;
}

/* Fine-grained traps, where the machine has them, keep TPIDR2_EL0 from a guest. */
static bool has_sme(void)
{
    return (sysreg_read(id_aa64pfr1_el1) & 0xf000000) != 0;
}

static void save_optional(struct arch_vcpu *a)
{
    if (has_aarch32()) {
        save_aarch32(a);
    }
    if (has_ras()) {
        a->vdisr = sysreg_read(VDISR_EL2);
    }
    if (has_sme()) {
        a->tpidr2 = sysreg_read(TPIDR2_EL0);
    }
}

static void load_optional(const struct arch_vcpu *a)
{
    if (has_aarch32()) {
        load_aarch32(a);
    }
    if (has_ras()) {
        sysreg_write(VDISR_EL2, a->vdisr);
    }
    if (has_sme()) {
        sysreg_write(TPIDR2_EL0, a->tpidr2);
    }
}

/* What the machine holds of the timers and the interrupt controller stays there. */
void arch_vcpu_restart(struct vcpu *vcpu, uint64_t entry, uint64_t context)
{
    reset_registers(vcpu, entry, context);
    load_el1(vcpu->arch);
    load_optional(vcpu->arch);
    fp_load(&vcpu->arch->fp);
}

void arch_vcpu_save(struct vcpu *vcpu)
{
    struct arch_vcpu *a = vcpu->arch;

    /* The timer first: its interrupt must not fire for the wrong vCPU. */
    a->cntv_ctl = sysreg_read(cntv_ctl_el0);
    a->cntv_cval = sysreg_read(cntv_cval_el0);
    sysreg_write(cntv_ctl_el0, 0);
    isb();
    /* What its accesses still had to answer for is its own, and not the next one's. */
    serror_met(vcpu, arch_take_serror());
    save_el1(a);
    save_optional(a);
    fp_save(&a->fp);
    gic->vcpu_save(&a->gic);
}

/* Two vCPUs of a domain may use one ASID for different tables, as machine CPUs may. */
static void part_from_siblings(const struct vcpu *vcpu)
{
    uint8_t *last = &vcpu->domain->last_on[arch_cpu_index()];

    if (*last != vcpu->id + 1) {
        *last = (uint8_t)(vcpu->id + 1);
        isb(); /* the VMID of the flush */
        __asm__ volatile("tlbi vmalle1" : : : "memory");
        dsb(nsh); /* the flush before the guest */
    }
}

void arch_vcpu_load(struct vcpu *vcpu)
{
    const struct arch_vcpu *a = vcpu->arch;

    sysreg_write(vttbr_el2, stage2_vttbr(&vcpu->domain->stage2));
    sysreg_write(vmpidr_el2, a->vmpidr);
    part_from_siblings(vcpu);
    load_el1(a);
    load_optional(a);
    fp_load(&a->fp);
    gic->vcpu_load(&a->gic);
    sysreg_write(cntvoff_el2, a->cntvoff);
    sysreg_write(cntv_cval_el0, a->cntv_cval);
    isb(); /* offset and deadline before the timer runs */
    sysreg_write(cntv_ctl_el0, a->cntv_ctl & (TIMER_CTL_ENABLE | TIMER_CTL_IMASK));
}

bool arch_vcpu_wake_deadline(const struct vcpu *vcpu, uint64_t *deadline)
{
    const struct arch_vcpu *a = vcpu->arch;

    if ((a->cntv_ctl & (TIMER_CTL_ENABLE | TIMER_CTL_IMASK)) != TIMER_CTL_ENABLE) {
        return false;
    }
    *deadline = a->cntv_cval <= UINT64_MAX - a->cntvoff ? a->cntv_cval + a->cntvoff : UINT64_MAX;
    return true;
}
