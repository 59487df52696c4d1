/* SPDX-License-Identifier: Apache-2.0 */
/* The scheduler: CPU pools, and a policy inside each. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/config.h>
#include <xi/cpu.h>
#include <xi/err.h>
#include <xi/spinlock.h>
#include <xi/vcpu.h>

struct domain;
struct sched_policy;

struct cpupool {
    uint32_t id;
    const struct sched_policy *policy;
    spinlock_t lock; /* states and runtimes of its vCPUs */
    struct cpu *cpus[XI_MAX_CPUS];
    uint32_t cpu_count;
    struct vcpu **vcpus;
    uint32_t vcpu_count;
    uint32_t vcpu_limit; /* room in vcpus */
    const struct config_schedule *schedule; /* arinc653 */
    uint64_t began;            /* arinc653: counter at which the first frame began */
    uint64_t floor;            /* credit2: the least account of those that ran or waited when one woke; only grows */
    uint32_t restarts;         /* domains that wait to be made again */
};

void sched_add_vcpu(struct cpupool *pool, struct vcpu *vcpu);
/* After the last sched_add_vcpu. XI_ERR_NO_SPACE where the pool's CPUs cannot do what the scheduler promises. */
XI_MUST_CHECK xi_err sched_seal(struct cpupool *pool, enum config_scheduler scheduler);
/* A CPU that is not of the first one's model and revision (MIDR_EL1), NULL where all are alike: a vCPU that moves must
 * not see its CPU become another one. */
const struct cpu *sched_odd_cpu(const struct cpupool *pool);
/* The name of its policy, as cpupool-sched has it. */
const char *sched_name(const struct cpupool *pool);
/* Chooses who runs here next; waits while nobody can. On return this CPU's current vCPU is loaded. */
void sched_run(void);
/* Its vCPUs are stopped. Once none is in a machine CPU any more, its first vCPU gets its share of time for
 * domain_restart_step, as if the guest ran. */
void sched_restart(struct domain *domain);
/* On the CPU whose domain_restart_step is done: the domain is off again. */
void sched_restarted(struct domain *domain);
/* Stops a vCPU for good, or until vcpu_on; it may still be inside a trap on another CPU. */
void sched_stop(struct vcpu *vcpu);
