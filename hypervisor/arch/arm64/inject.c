/* SPDX-License-Identifier: Apache-2.0 */
/* Synchronous exceptions for the current guest, as the machine would deliver them to EL1 (Arm ARM
 * (DDI 0487), AArch64.TakeException): its EL1 registers are in the machine. */
#include <stdint.h>

#include <xi/vcpu.h>

#include <arch/sysreg.h>
#include <arch/trap.h>

#define EC_UNKNOWN 0x00ULL
#define EC_IABORT_LOWER 0x20ULL
#define EC_DABORT_LOWER 0x24ULL
#define EC_SAME_LEVEL 1ULL /* added to an abort's class when it comes from EL1 itself */
#define FSC_EXTERNAL 0x10ULL

/* Offsets into VBAR_EL1 by where the exception came from. */
enum { FROM_EL1_SP0 = 0x000, FROM_EL1_SPX = 0x200, FROM_EL0_A64 = 0x400, FROM_EL0_A32 = 0x600 };

static uint64_t vector_offset(uint64_t pstate)
{
    if ((pstate & SPSR_M4) != 0) {
        return FROM_EL0_A32;
    }
    if ((pstate & SPSR_MODE) == SPSR_EL0T) {
        return FROM_EL0_A64;
    }
    return (pstate & 1) != 0 ? FROM_EL1_SPX : FROM_EL1_SP0;
}

/* PSTATE at the vector: condition flags and DIT survive, PAN is set unless SCTLR.SPAN, SSBS is as SCTLR.DSSBS says.
 * Only what the CPU has: the other bits were clear, and SCTLR.DSSBS reads as zero. */
static uint64_t vector_pstate(uint64_t pstate)
{
    uint64_t sctlr = sysreg_read(sctlr_el1);
    uint64_t kept = pstate & (0xf0000000ULL | SPSR_DIT);

    kept |= (sctlr & SCTLR_EL1_SPAN) == 0 ? SPSR_PAN : pstate & SPSR_PAN;
    kept |= (sctlr & SCTLR_EL1_DSSBS) != 0 ? SPSR_SSBS : 0;
    return kept | SPSR_D | SPSR_A | SPSR_I | SPSR_F | SPSR_EL1H;
}

static void take(struct vcpu *vcpu, uint64_t esr)
{
    uint64_t pstate = vcpu->regs.pstate;

    sysreg_write(esr_el1, esr);
    sysreg_write(elr_el1, vcpu->regs.pc);
    sysreg_write(spsr_el1, pstate);
    vcpu->regs.pc = sysreg_read(vbar_el1) + vector_offset(pstate);
    vcpu->regs.pstate = vector_pstate(pstate);
}

void vcpu_inject_undefined(struct vcpu *vcpu)
{
    take(vcpu, (EC_UNKNOWN << 26) | ESR_IL);
}

void inject_abort(struct vcpu *vcpu, bool instruction, uint64_t far, uint64_t iss)
{
    uint64_t class = instruction ? EC_IABORT_LOWER : EC_DABORT_LOWER;
    bool user = vector_offset(vcpu->regs.pstate) >= FROM_EL0_A64;
    uint64_t write = instruction ? 0 : iss & (1ULL << 6);

    sysreg_write(far_el1, far);
    take(vcpu, ((class + (user ? 0 : EC_SAME_LEVEL)) << 26) | ESR_IL | write | FSC_EXTERNAL);
}
