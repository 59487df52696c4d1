/* SPDX-License-Identifier: Apache-2.0 */
/* What the scheduler's files share. */
#pragma once

#include <stdint.h>

#include <xi/vcpu.h>

/* Counter ticks that a vCPU may run while others wait. */
uint64_t sched_slice(void);
/* What a vCPU has run until now. With the pool's lock. */
uint64_t sched_runtime(const struct vcpu *vcpu, uint64_t now);
