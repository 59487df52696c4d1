/* SPDX-License-Identifier: Apache-2.0 */
/* What the stub does to the CPU; the host's tests have an answer of their own. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* 0 to 3. */
unsigned machine_exception_level(void);

/* No interrupt from here on: the firmware's timer still runs. */
void machine_mask(void);

/* What was written to [start, start + size) is in memory, and no cache has it any more. */
void machine_flush(uint64_t start, uint64_t size);

/* Turns caches and MMU off and enters an arm64 Image (Linux, Documentation/arch/arm64/booting.rst). The stub's own code
 * must have been flushed. */
_Noreturn void machine_start(uint64_t entry, uint64_t tree);
