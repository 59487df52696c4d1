/* SPDX-License-Identifier: Apache-2.0 */
/* null: a CPU for each vCPU, whatever happens. */
#include "sched_machine.h"
#include "test.h"

TEST(refuses_a_vcpu_more_than_it_has_cpus)
{
    for (uint32_t count = 1; count <= SIM_VCPUS; count++) {
        sim_begin(SIM_CPUS, count);
        EXPECT((sched_seal(&sim.pool, CONFIG_SCHED_NULL) == XI_OK) == (count <= SIM_CPUS));
    }
}

TEST(keeps_each_vcpu_on_its_cpu_and_never_interrupts_it)
{
    sim_begin_with(CONFIG_SCHED_NULL, 4, 3);
    for (uint32_t i = 0; i < 3; i++) {
        sim_start(i);
    }
    uint32_t before = sim.loads;
    for (uint32_t i = 0; i < 10000; i++) {
        struct vcpu *v = &sim.vcpus[test_random(3)];
        sim.here = v->cpu;
        if (v->state == VCPU_RUNNING && test_random(3) == 0) {
            vcpu_block(v);
        } else if (v->state == VCPU_RUNNING && test_random(3) == 0) {
            vcpu_yield(v);
            EXPECT(!cpus[v->cpu].resched); /* nothing to choose, no lock to wait for */
        } else {
            sim.here = (uint32_t)test_random(4);
            vcpu_kick(v);
        }
        sim_tick();
        for (uint32_t c = 0; c < 4; c++) {
            EXPECT(cpus[c].slice_end == 0);
        }
    }
    EXPECT(sim.loads == before);
    for (uint32_t i = 0; i < 3; i++) {
        EXPECT(sim.longest_wait[i] == 0);
    }
}

/* Whether some way of giving each vCPU from `first` on a CPU of its own exists: by trying them all. */
static bool can_pin(const uint32_t *affinity, uint32_t count, uint32_t first, uint32_t taken)
{
    for (uint32_t c = 0; c < SIM_CPUS && first < count; c++) {
        if ((affinity[first] & ~taken & 1u << c) != 0 && can_pin(affinity, count, first + 1, taken | 1u << c)) {
            return true;
        }
    }
    return first == count;
}

TEST(finds_a_cpu_for_each_vcpu_wherever_affinities_leave_one)
{
    uint32_t found = 0;

    for (uint32_t round = 0; round < 5000; round++) {
        uint32_t count = 1 + (uint32_t)test_random(SIM_CPUS), affinity[SIM_CPUS];
        sim_begin(SIM_CPUS, count);
        for (uint32_t i = 0; i < count; i++) {
            affinity[i] = 1 + (uint32_t)test_random((1u << SIM_CPUS) - 1);
            sim.vcpus[i].affinity = affinity[i];
        }
        bool pins = sched_seal(&sim.pool, CONFIG_SCHED_NULL) == XI_OK;
        EXPECT(pins == can_pin(affinity, count, 0, 0));
        for (uint32_t i = 0; i < count && pins; i++) {
            EXPECT(sim.vcpus[i].pinned && (affinity[i] & 1u << sim.vcpus[i].cpu) != 0);
            for (uint32_t other = 0; other < i; other++) {
                EXPECT(sim.vcpus[other].cpu != sim.vcpus[i].cpu);
            }
        }
        found += pins ? 1 : 0;
    }
    EXPECT(found > 1000 && found < 4900);
}
