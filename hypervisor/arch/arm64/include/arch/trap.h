/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the trap handling, each in its own file. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/types.h>

struct vcpu;

/* Emulates a trapped MRS or MSR (exception class 0x18); false when it is undefined to the guest. */
bool trap_sysreg(struct vcpu *vcpu, uint64_t esr);

/* A synchronous external abort at EL1, as for an access that nothing answers. */
void inject_abort(struct vcpu *vcpu, bool instruction, uint64_t far, uint64_t iss);

/* Waits until what this CPU accessed has answered, and takes the SError that it may have answered with: its syndrome, or
 * 0. ESR_EL2, ELR_EL2 and SPSR_EL2 are lost. */
uint64_t arch_take_serror(void);

/* The two ways out of a guest that vectors.S calls. */
void trap_from_guest(struct vcpu *vcpu, uint64_t kind);
void trap_from_hypervisor(uint64_t kind, uint64_t esr, uint64_t far, uint64_t elr, uint64_t lr, uint64_t sp);
