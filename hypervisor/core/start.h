/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the start, in their order; each stops the machine with a line where it cannot go on. */
#pragma once

#include <xi/check.h>
#include <xi/config.h>
#include <xi/pages.h>

/* Says why in one line, "node: property: rule", and parks this CPU: no other one runs a guest yet. */
_Noreturn void core_stop(const char *why, ...) XI_PRINTF(1, 2);
/* The same where the line is written already. */
_Noreturn void core_halt(void);

/* The interrupt controller, this CPU's part of it, and all other CPUs, which wait for cpus_run. */
void cpus_start(const struct config_machine *machine);
void domains_build(const struct system_config *config, struct page_heap *heap);
void domains_start(void);
/* From here on every CPU runs what its pool has for it. */
_Noreturn void cpus_run(void);
