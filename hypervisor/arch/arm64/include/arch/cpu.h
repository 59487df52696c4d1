/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

/* Sets what guests on this CPU trap on, and their stage-2 shape. */
void cpu_init_traps(uint64_t vtcr);
