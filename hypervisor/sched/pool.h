/* SPDX-License-Identifier: Apache-2.0 */
/* What the scheduler's files share. */
#pragma once

#include <stdint.h>

#include <xi/sched.h>
#include <xi/vcpu.h>

/* Counter ticks that a vCPU may run while others wait. */
uint64_t sched_slice(void);
/* What a vCPU has run until now. With the pool's lock. */
uint64_t sched_runtime(const struct vcpu *vcpu, uint64_t now);
/* The CPU chooses anew, as soon as it can. */
void sched_look_again(struct cpu *cpu);
/* It waits for a CPU from here on, and one looks at it. With the pool's lock. */
void sched_make_runnable(struct cpupool *pool, struct vcpu *vcpu);
/* Begins the next restart that can. With the pool's lock. */
void sched_begin_restart(struct cpupool *pool);
