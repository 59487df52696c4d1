/* SPDX-License-Identifier: Apache-2.0 */
/* The machine's firmware, by PSCI (Arm DEN 0022). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/types.h>

/* Whether there is any that we know, and which instruction reaches it. */
void firmware_init(bool present, bool by_hvc);
/* SMCCC_ARCH_FEATURES of an architecture call on this CPU (Arm DEN 0028); -1 where firmware does not know the question,
 * or is reached by HVC: the calls are made by SMC. */
int32_t firmware_arch_feature(uint32_t function);
/* Such a call. Only where the answer was not negative. */
void firmware_arch_call(uint32_t function, uint64_t argument);
/* Starts a CPU at a machine address with x0 = context. XI_ERR_RANGE when firmware refuses. */
XI_MUST_CHECK xi_err firmware_cpu_on(uint64_t mpidr, pa_t entry, uint64_t context);
/* Turns the machine off; parks this CPU if firmware cannot. */
_Noreturn void firmware_system_off(void);
_Noreturn void arch_park(void);
