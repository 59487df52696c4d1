/* SPDX-License-Identifier: Apache-2.0 */
/* The machine's firmware, by PSCI (Arm DEN 0022). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/types.h>

/* Which instruction reaches it. */
void firmware_init(bool by_hvc);
/* Starts a CPU at a machine address with x0 = context. XI_ERR_RANGE when firmware refuses. */
XI_MUST_CHECK xi_err firmware_cpu_on(uint64_t mpidr, pa_t entry, uint64_t context);
/* Turns the machine off; parks this CPU if firmware cannot. */
_Noreturn void firmware_system_off(void);
_Noreturn void arch_park(void);
