/* SPDX-License-Identifier: Apache-2.0 */
/* The scheduler: CPU pools, and fair round robin inside them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/cpu.h>
#include <xi/spinlock.h>
#include <xi/vcpu.h>

struct domain;

struct cpupool {
    uint32_t id;
    spinlock_t lock; /* states and runtimes of its vCPUs */
    struct cpu *cpus[XI_MAX_CPUS];
    uint32_t cpu_count;
    struct vcpu **vcpus;
    uint32_t vcpu_count;
    uint32_t vcpu_limit; /* room in vcpus */
};

void sched_add_vcpu(struct cpupool *pool, struct vcpu *vcpu);
/* After the last sched_add_vcpu: pins where each vCPU can have its own CPU. */
void sched_seal(struct cpupool *pool);
/* Chooses who runs here next; waits while nobody can. On return this CPU's current vCPU is loaded. */
void sched_run(void);
/* Whether no vCPU of the domain is on, and what they last did is seen here. */
bool sched_at_rest(const struct domain *domain);
/* Every CPU looks for work again. */
void sched_wake_all(void);
/* Stops a vCPU for good, or until vcpu_on; it may still be inside a trap on another CPU. */
void sched_stop(struct vcpu *vcpu);
