/* SPDX-License-Identifier: Apache-2.0 */
/* How the core came into the machine, and what the architecture does for it while it starts. */
#pragma once

#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/types.h>

struct boot_info {
    pa_t load;           /* where the image lies */
    uint64_t core_size;  /* the core with BSS and stacks */
    pa_t loader_dtb;     /* x0 */
};

/* Portable code begins here; does not return. */
_Noreturn void core_main(const struct boot_info *boot);
/* And here on each other CPU, once it is set up. */
_Noreturn void core_main_secondary(void);

/* And here when the device tree has lied: machine memory, or a device, that does not answer; firmware that is not where
 * /psci says. They say so in one line, and come back once the start is
 * over: then it is the core's own mistake. */
void core_no_answer(pa_t at);
void core_no_firmware(void);

/* The packer's header inside the image. */
struct xi_boot_header;
const struct xi_boot_header *arch_boot_header(void);

/* Bits of a machine address (ID_AA64MMFR0_EL1.PARange). */
uint32_t arch_address_bits(void);
/* Makes machine memory visible through arch_pa_to_va. Boot only. */
XI_MUST_CHECK xi_err arch_map_ram(pa_t start, uint64_t size);
/* Chooses this CPU's mitigations against speculation, into its struct cpu, and its vectors. After firmware_init. */
void arch_init_mitigations(void);
/* What guests on this CPU trap on; again when the stage-2 shape is known. */
void arch_init_traps(void);
/* Starts cpus[index] by firmware; XI_ERR_TIMEOUT when it does not come up. */
XI_MUST_CHECK xi_err arch_start_cpu(uint32_t index);
/* After the last arch_start_cpu. */
void arch_all_cpus_up(void);
/* Enters this CPU's current vCPU and never comes back here. */
_Noreturn void arch_enter_guest(void);
/* MPIDR affinity fields of this CPU. */
uint64_t arch_mpidr(void);
