/* SPDX-License-Identifier: Apache-2.0 */
/* multicall: a list of calls, each made as if it were alone (public/xen.h). Some at a time, and none more once an interrupt
 * is pending, for some calls take as long as a piece of work may: what is left over is asked for again, so that interrupts
 * are taken and others run in between. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/hypercall.h>
#include <xi/vcpu.h>

#include "state.h"

#define BATCH 8u

/* Makes one call in the vCPU's own registers, which are as before then. True where it wants to be made again, with what
 * is in the entry's arguments by now. */
static bool make(struct vcpu *vcpu, struct xen_multicall_entry *e)
{
    const uint64_t before[] = {vcpu->regs.x[0], vcpu->regs.x[1], vcpu->regs.x[2], vcpu->regs.x[16]};
    const uint64_t pc = vcpu->regs.pc;

    vcpu->regs.x[0] = e->args[0];
    vcpu->regs.x[1] = e->args[1];
    vcpu->regs.x[2] = e->args[2];
    vcpu->regs.x[16] = e->op;
    hypercall(vcpu);
    const bool again = vcpu->regs.pc != pc;
    if (again) {
        e->args[0] = vcpu->regs.x[0];
        e->args[1] = vcpu->regs.x[1];
        e->args[2] = vcpu->regs.x[2];
    } else {
        e->result = (int64_t)vcpu->regs.x[0];
    }
    vcpu->regs.x[0] = before[0];
    vcpu->regs.x[1] = before[1];
    vcpu->regs.x[2] = before[2];
    vcpu->regs.x[16] = before[3];
    vcpu->regs.pc = pc;
    return again;
}

/* From the entry at `at` on, when the vCPU runs next. */
static int64_t go_on(struct vcpu *vcpu, uint64_t at, uint32_t count)
{
    vcpu->regs.x[1] = count;
    vcpu->regs.pc -= 4; /* the HVC again */
    return (int64_t)at;
}

int64_t pv_multicall(struct vcpu *vcpu, uint64_t count)
{
    struct xen_multicall_entry e;
    uint64_t at = vcpu->regs.x[0];
    bool again = false;

    /* An unsigned int in Xen. A domain that ends by one of its calls makes no others. */
    for (uint32_t left = (uint32_t)count, done = 0; left != 0 && !vcpu->domain->dying; left--, at += sizeof(e)) {
        if (done == BATCH || (done != 0 && arch_interrupt_waits())) {
            return go_on(vcpu, at, left);
        }
        if (xen_copy_from(vcpu, &e, at, sizeof(e)) != XI_OK) {
            return -XEN_EFAULT;
        }
        if (e.op == HYPERCALL_multicall) {
            e.result = -XEN_EINVAL; /* so lists end, and our stack too */
        } else {
            again = make(vcpu, &e);
        }
        if (xen_copy_to(vcpu, at, &e, sizeof(e)) != XI_OK) {
            return -XEN_EFAULT;
        }
        if (again) {
            return go_on(vcpu, at, left);
        }
        done++;
    }
    return 0;
}
