/* SPDX-License-Identifier: Apache-2.0 */
/* Power control for guests: PSCI 1.1 (Arm DEN 0022) and the SMC calling convention (DEN 0028). */
#pragma once

struct vcpu;

/* The guest called with HVC #0 or SMC #0: function in x0, arguments from x1, answer in x0. Calls that
 * we do not know answer "not supported". The program counter is already past the instruction. */
void vpsci_call(struct vcpu *vcpu);
