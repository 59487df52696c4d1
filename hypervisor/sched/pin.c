/* SPDX-License-Identifier: Apache-2.0 */
/* A CPU for each vCPU: a matching in a bipartite graph, one augmenting path (found breadth first) a vCPU. */
#include <stddef.h>
#include <stdint.h>

#include <xi/cpu.h>

#include "pool.h"

#define NOBODY UINT32_MAX

struct matching {
    uint32_t holder[XI_MAX_CPUS]; /* by place in pool->cpus: index in pool->vcpus */
};

/* Finds `vcpu` a CPU; who holds it moves to another one, and so on. */
static bool match(const struct cpupool *pool, struct matching *m, uint32_t vcpu)
{
    uint32_t queue[XI_MAX_CPUS + 1], asked_by[XI_MAX_CPUS], first = 0, last = 0;
    bool seen[XI_MAX_CPUS] = {false};

    queue[last++] = vcpu;
    while (first < last) {
        uint32_t v = queue[first++];
        for (uint32_t c = 0; c < pool->cpu_count; c++) {
            if (seen[c] || (pool->vcpus[v]->affinity & 1u << pool->cpus[c]->index) == 0) {
                continue;
            }
            seen[c] = true;
            asked_by[c] = v;
            if (m->holder[c] != NOBODY) {
                queue[last++] = m->holder[c];
                continue;
            }
            for (uint32_t at = c; at != NOBODY;) { /* back along the path: everybody takes what it asked for */
                uint32_t asker = asked_by[at], left = NOBODY;
                for (uint32_t other = 0; other < pool->cpu_count && asker != vcpu; other++) {
                    left = m->holder[other] == asker ? other : left;
                }
                m->holder[at] = asker;
                at = left;
            }
            return true;
        }
    }
    return false;
}

bool sched_pin(struct cpupool *pool)
{
    struct matching m;
    bool all = pool->vcpu_count <= pool->cpu_count;

    for (uint32_t c = 0; c < pool->cpu_count; c++) {
        m.holder[c] = NOBODY;
    }
    for (uint32_t v = 0; v < pool->vcpu_count && all; v++) {
        all = match(pool, &m, v);
    }
    for (uint32_t c = 0; c < pool->cpu_count && all; c++) {
        if (m.holder[c] != NOBODY) {
            pool->vcpus[m.holder[c]]->pinned = true;
            pool->vcpus[m.holder[c]]->cpu = pool->cpus[c]->index;
        }
    }
    return all;
}
