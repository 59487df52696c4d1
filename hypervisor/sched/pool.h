/* SPDX-License-Identifier: Apache-2.0 */
/* What the scheduler's files share: the mechanism calls a pool's policy, always with the pool's lock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/sched.h>
#include <xi/vcpu.h>

struct sched_policy {
    const char *name;
    bool punctual; /* at *until this CPU has ended its work: no piece of a restart begins that may take longer */
    /* After the last vCPU. XI_ERR_NO_SPACE where the CPUs of the pool do not suffice for what it promises. */
    xi_err (*seal)(struct cpupool *pool);
    /* Who runs on this CPU next, NULL: nobody. `previous` is who ran, already charged, and may go on where it is
     * runnable. Writes to *until when this CPU must choose again, if nothing else makes it: a counter, 0: never. */
    struct vcpu *(*choose)(struct cpupool *pool, struct cpu *cpu, struct vcpu *previous, uint64_t now,
                           uint64_t *until);
    /* It becomes runnable: keeps its accounts, and has a CPU look (sched_look_again). */
    void (*wake)(struct cpupool *pool, struct vcpu *vcpu, uint64_t now);
};

extern const struct sched_policy sched_null, sched_credit2, sched_rtds, sched_arinc653;

/* cpu->slice_end of one whose vCPU gives way: long ago. */
#define SCHED_YIELDED 1u

/* Counter ticks that a vCPU may run while others wait. */
uint64_t sched_slice(void);
/* What so many ticks add to its account: fewer for more weight. */
uint64_t sched_weighed(const struct vcpu *vcpu, uint64_t ticks);
/* Adds to its account what it has run until now on the CPU that it holds. With the pool's lock. */
void sched_charge(struct vcpu *vcpu, uint64_t now);
/* What a vCPU has run until now, weighed. With the pool's lock. */
uint64_t sched_runtime(const struct vcpu *vcpu, uint64_t now);
/* It waits for a CPU, and this one may take it. With the pool's lock. */
bool sched_waits_for(const struct vcpu *vcpu, const struct cpu *cpu);
/* Gives each vCPU a CPU of its own. False, and nobody has one, where that cannot be. */
bool sched_pin(struct cpupool *pool);
/* The CPU chooses anew, as soon as it can. */
void sched_look_again(struct cpu *cpu);
/* It waits for a CPU from here on, and one looks at it. With the pool's lock. */
void sched_make_runnable(struct cpupool *pool, struct vcpu *vcpu);
/* The next piece of the restart that this CPU's vCPU is; sleeps instead where it would end too late. */
void sched_restart_step(struct cpu *cpu);
/* Begins the restarts that can. With the pool's lock. */
void sched_begin_restarts(struct cpupool *pool);
