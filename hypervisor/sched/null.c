/* SPDX-License-Identifier: Apache-2.0 */
/* null: each vCPU has a CPU of its own, and nobody ever chooses. */
#include <stddef.h>
#include <stdint.h>

#include <xi/cpu.h>

#include "pool.h"

static xi_err seal(struct cpupool *pool)
{
    return sched_pin(pool) ? XI_OK : XI_ERR_NO_SPACE;
}

static struct vcpu *choose(struct cpupool *pool, struct cpu *cpu, struct vcpu *previous, uint64_t now,
                           uint64_t *until)
{
    (void)previous, (void)now, (void)until;
    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        if (sched_waits_for(pool->vcpus[i], cpu)) {
            return pool->vcpus[i];
        }
    }
    return NULL;
}

static void wake(struct cpupool *pool, struct vcpu *vcpu, uint64_t now)
{
    (void)pool, (void)now;
    sched_look_again(&cpus[vcpu->cpu]);
}

const struct sched_policy sched_null = {.name = "null", .seal = seal, .choose = choose, .wake = wake};
