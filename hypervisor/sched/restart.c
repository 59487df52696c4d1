/* SPDX-License-Identifier: Apache-2.0 */
/* A domain that asked for a reset is made again in its own time: to its pool, the work is its first vCPU running. Each
 * has a load of its own: whoever has little time holds up nobody else. */
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/sched.h>

#include "pool.h"

static bool at_rest(const struct domain *domain)
{
    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        if (vcpu_is_on(domain->vcpus[i])) {
            return false;
        }
    }
    return true;
}

void sched_restart(struct domain *domain)
{
    struct cpupool *pool = domain->pool;

    spin_lock(&pool->lock);
    domain->restart = true;
    pool->restarts++;
    sched_look_again(&cpus[domain->vcpus[0]->cpu]); /* all of its vCPUs may have been asleep */
    spin_unlock(&pool->lock);
}

void sched_begin_restarts(struct cpupool *pool)
{
    for (uint32_t i = 0; i < pool->vcpu_count && pool->restarts != 0; i++) {
        struct vcpu *v = pool->vcpus[i];
        if (v->id == 0 && v->domain->restart && at_rest(v->domain)) {
            v->domain->restart = false;
            pool->restarts--;
            v->restarts = true;
            sched_make_runnable(pool, v);
        }
    }
}

/* One piece a window there is always, even if none that was as long as the last ones would fit. */
static bool ends_in_time(const struct cpu *cpu)
{
    const uint64_t needs = domain_restart_needs(cpu->current->domain), now = arch_counter();

    return !cpu->stepped || (now < cpu->slice_end && needs <= cpu->slice_end - now);
}

void sched_restart_step(struct cpu *cpu)
{
    if (cpu->pool->policy->punctual && !ends_in_time(cpu)) {
        arch_idle();
        return;
    }
    cpu->stepped = true;
    domain_restart_step(cpu->current->domain);
}

void sched_restarted(struct domain *domain)
{
    struct cpupool *pool = domain->pool;
    struct cpu *cpu = this_cpu();
    struct vcpu *first = domain->vcpus[0];

    spin_lock(&pool->lock);
    sched_charge(first, arch_counter());
    first->state = VCPU_OFF;
    first->restarts = false;
    cpu->current = NULL;
    cpu->resched = true;
    spin_unlock(&pool->lock);
}
