/* SPDX-License-Identifier: Apache-2.0 */
/* What happens when a guest is left: the exception class decides (Arm ARM (DDI 0487), ESR_EL2). Whatever a guest
 * does ends in its own registers, in an exception of its own, or in its own domain's end. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/boot.h>
#include <xi/check.h>
#include <xi/domain.h>
#include <xi/hypercall.h>
#include <xi/irq.h>
#include <xi/mmio.h>
#include <xi/sched.h>
#include <xi/serror.h>
#include <xi/vcpu.h>
#include <xi/vpsci.h>

#include <arch/layout.h>
#include <arch/sysreg.h>
#include <arch/trap.h>

enum {
    EC_UNKNOWN = 0x00,
    EC_WFX = 0x01,
    EC_HVC64 = 0x16,
    EC_SMC64 = 0x17,
    EC_SYSREG = 0x18,
    EC_IABORT = 0x20,
    EC_DABORT = 0x24,
    EC_DABORT_EL2 = 0x25, /* without a change of the exception level */
};

#define SMC_OPCODE 0xd4000003u /* Arm ARM (DDI 0487), SMC: the immediate is in between */
#define SMC_MASK 0xffe0001fu

#define XEN_HYPERCALL_TAG 0xea1u /* public/arch-arm.h */

#define ISS_WFE 1u
#define ISS_ISV (1u << 24)
#define ISS_SSE (1u << 21)
#define ISS_SF (1u << 15)
#define ISS_FNV (1u << 10)
#define ISS_S1PTW (1u << 7)
#define ISS_WNR (1u << 6)
#define FSC_TYPE(iss) ((iss) & 0x3cu)
#define FSC_TRANSLATION 0x04u
#define FSC_EXTERNAL(iss) (((iss) & 0x3fu) == 0x10) /* not on a table walk */

/* Past the instruction that trapped. A 32-bit program's may be of 16 bits, and in an IT block, whose state moves
 * on by one (Arm ARM (DDI 0487), ESR_EL2.IL; DDI 0406, ITSTATE). */
static void skip(struct vcpu *vcpu)
{
    uint64_t *pstate = &vcpu->regs.pstate;

    vcpu->regs.pc += (sysreg_read(esr_el2) & ESR_IL) != 0 ? 4 : 2;
    if ((*pstate & SPSR_M4) != 0) {
        uint64_t it = (*pstate >> SPSR_IT_LOW & 3) | (*pstate >> SPSR_IT_HIGH & 0x3f) << 2;
        it = (it & 7) == 0 ? 0 : (it & 0xe0) | (it << 1 & 0x1f);
        *pstate &= ~(3ULL << SPSR_IT_LOW | 0x3fULL << SPSR_IT_HIGH);
        *pstate |= (it & 3) << SPSR_IT_LOW | (it >> 2) << SPSR_IT_HIGH;
    }
}

static void trap_wfx(struct vcpu *vcpu, uint32_t iss)
{
    skip(vcpu);
    if ((iss & ISS_WFE) != 0) {
        vcpu_yield(vcpu);
    } else {
        vcpu_block(vcpu);
    }
}

static void trap_hvc(struct vcpu *vcpu, uint32_t iss)
{
    uint32_t tag = iss & 0xffff;

    if (tag == 0) {
        vpsci_call(vcpu);
    } else if (tag == XEN_HYPERCALL_TAG) {
        hypercall(vcpu);
    } else {
        vcpu->regs.pc -= 4; /* undefined instructions are reported where they are */
        vcpu_inject_undefined(vcpu);
    }
}

/* An SMC returns to itself unless it is skipped. */
static void trap_smc(struct vcpu *vcpu, uint32_t iss)
{
    if ((iss & 0xffff) != 0) {
        vcpu_inject_undefined(vcpu);
        return;
    }
    skip(vcpu);
    vpsci_call(vcpu);
}

/* The guest-physical page of a stage-2 fault; HPFAR_EL2 holds it for translation faults. */
static ipa_t fault_ipa(uint64_t far)
{
    return (ipa_t){((sysreg_read(hpfar_el2) & 0xffffffffff0ULL) << 8) | (far & (PAGE_BYTES - 1))};
}

static uint64_t loaded_value(uint64_t value, uint32_t iss, uint32_t size)
{
    if (size < 8 && (iss & ISS_SSE) != 0) {
        uint64_t sign = 1ULL << (8 * size - 1);
        value = (value ^ sign) - sign;
    }
    return (iss & ISS_SF) != 0 ? value : (uint32_t)value;
}

/* A load or store whose syndrome tells all: a device may answer it. */
static bool trap_device(struct vcpu *vcpu, uint32_t iss, ipa_t ipa)
{
    uint32_t rt = (iss >> 16) & 31;
    struct mmio_access access = {
        .ipa = ipa,
        .size = (uint8_t)(1u << ((iss >> 22) & 3)),
        .write = (iss & ISS_WNR) != 0,
    };

    if (access.write) {
        access.value = rt == 31 ? 0 : vcpu->regs.x[rt];
        if (access.size < 8) {
            access.value &= (1ULL << (8 * access.size)) - 1;
        }
    }
    if (!mmio_dispatch(vcpu, &access)) {
        return false;
    }
    if (!access.write && rt != 31) {
        vcpu->regs.x[rt] = loaded_value(access.value, iss, access.size);
    }
    skip(vcpu);
    return true;
}

static void trap_abort(struct vcpu *vcpu, bool instruction, uint32_t iss)
{
    uint64_t far = sysreg_read(far_el2);
    bool translation = FSC_TYPE(iss) == FSC_TRANSLATION && (iss & ISS_FNV) == 0;
    bool access = (iss & ISS_S1PTW) == 0; /* else the guest's tables were being read */

    if (!instruction && translation && access && (iss & ISS_ISV) != 0 && trap_device(vcpu, iss, fault_ipa(far))) {
        return;
    }
    /* A block was being split just then: it is there now. */
    if (translation && stage2_is_mapped(&vcpu->domain->stage2, fault_ipa(far))) {
        return;
    }
    inject_abort(vcpu, instruction, far, iss);
}

static void trap_sync(struct vcpu *vcpu)
{
    uint64_t esr = sysreg_read(esr_el2);
    uint32_t iss = (uint32_t)ESR_ISS(esr);

    switch (ESR_EC(esr)) {
    case EC_WFX:
        trap_wfx(vcpu, iss);
        break;
    case EC_HVC64:
        trap_hvc(vcpu, iss);
        break;
    case EC_SMC64:
        trap_smc(vcpu, iss);
        break;
    case EC_SYSREG:
        if (trap_sysreg(vcpu, esr)) {
            skip(vcpu);
        } else {
            vcpu_inject_undefined(vcpu);
        }
        break;
    case EC_IABORT:
        trap_abort(vcpu, true, iss);
        break;
    case EC_DABORT:
        trap_abort(vcpu, false, iss);
        break;
    default: /* FP, SVE, PAuth, AArch32 and others that are not offered */
        vcpu_inject_undefined(vcpu);
        break;
    }
}

void trap_from_guest(struct vcpu *vcpu, uint64_t kind)
{
    if (kind == EXIT_SYNC) {
        trap_sync(vcpu);
    } else if (kind == EXIT_IRQ) {
        irq_dispatch();
    } else {
        /* The machine's own error. What other guests had caused was taken when they were left (arch_vcpu_save). */
        domain_crash(vcpu->domain, "SError, syndrome 0x%llx", (unsigned long long)sysreg_read(esr_el2));
    }
    do {
        sched_run();
    } while (serror_settle());
}

/* Where there is no EL3, SMC is undefined at EL2. */
static bool is_undefined_smc(uint64_t esr, uint64_t elr)
{
    return ESR_EC(esr) == EC_UNKNOWN && elr >= VA_IMAGE && (*(const uint32_t *)elr & SMC_MASK) == SMC_OPCODE;
}

void trap_from_hypervisor(uint64_t kind, uint64_t esr, uint64_t far, uint64_t elr, uint64_t lr, uint64_t sp)
{
    /* What the device tree has told us is not there. */
    if (kind == EXIT_SYNC && ESR_EC(esr) == EC_DABORT_EL2 && FSC_EXTERNAL(ESR_ISS(esr)) &&
        (ESR_ISS(esr) & ISS_FNV) == 0 && far >= VA_DIRECT && far < VA_IMAGE) {
        core_no_answer((pa_t){far - (far < VA_DEVICES ? VA_DIRECT : VA_DEVICES)});
    }
    if (kind == EXIT_SYNC && (ESR_EC(esr) == EC_HVC64 || is_undefined_smc(esr, elr))) {
        core_no_firmware();
    }
    xi_panic("exception %llu in the hypervisor: esr 0x%llx far 0x%llx elr 0x%llx lr 0x%llx sp 0x%llx",
             (unsigned long long)kind, (unsigned long long)esr, (unsigned long long)far, (unsigned long long)elr,
             (unsigned long long)lr, (unsigned long long)sp);
}
