/* SPDX-License-Identifier: Apache-2.0 */
/* One model of CPU in a pool: its vCPUs have read what they run on (VPIDR_EL2 is each CPU's own MIDR_EL1). */
#include <stddef.h>
#include <stdint.h>

#include <xi/cpu.h>
#include <xi/sched.h>

const struct cpu *sched_odd_cpu(const struct cpupool *pool)
{
    for (uint32_t i = 1; i < pool->cpu_count; i++) {
        if (pool->cpus[i]->midr != pool->cpus[0]->midr) {
            return pool->cpus[i];
        }
    }
    return NULL;
}
