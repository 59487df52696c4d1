/* SPDX-License-Identifier: Apache-2.0 */
/* Hard affinity: the machine's own checks see that no vCPU runs elsewhere, and that no CPU sleeps while somebody waits
 * that it may take. */
#include <string.h>

#include "sched_machine.h"
#include "test.h"

static const enum config_scheduler both[] = {CONFIG_SCHED_CREDIT2, CONFIG_SCHED_NULL};

TEST(keeps_vcpus_on_their_cpus_and_all_cpus_at_work)
{
    for (uint32_t round = 0; round < 300; round++) {
        uint32_t machine_cpus = 1 + (uint32_t)test_random(SIM_CPUS);
        uint32_t count = 1 + (uint32_t)test_random(SIM_VCPUS);
        sim_begin(machine_cpus, count);
        for (uint32_t i = 0; i < count; i++) {
            sim.vcpus[i].affinity = (uint32_t)test_random(1u << machine_cpus); /* 0: all */
        }
        if (sched_seal(&sim.pool, both[round % 2]) != XI_OK) {
            continue;
        }
        for (uint32_t i = 0; i < count; i++) {
            sim_start(i);
        }
        for (uint32_t i = 0; i < 500; i++) {
            struct vcpu *v = &sim.vcpus[test_random(count)];
            sim.here = v->cpu;
            if (v->state == VCPU_RUNNING && test_random(2) == 0) {
                vcpu_block(v);
            } else if (v->state == VCPU_BLOCKED) {
                sim.here = (uint32_t)test_random(machine_cpus);
                vcpu_kick(v);
            }
            sim_tick();
        }
        for (uint32_t i = 0; i < count; i++) {
            EXPECT(sim.longest_wait[i] < 400);
        }
    }
}

/* One CPU is one vCPU's alone for a minute, three share the other: a newcomer that has run no more than those three must
 * not keep the first from running until it has caught up. */
TEST(lets_nobody_starve_where_cpus_are_shared_unequally)
{
    sim_begin(2, 5);
    sim.vcpus[0].affinity = 1;
    sim.vcpus[1].affinity = sim.vcpus[2].affinity = sim.vcpus[3].affinity = 2;
    sim_seal(CONFIG_SCHED_CREDIT2);
    for (uint32_t i = 0; i < 4; i++) {
        sim_start(i);
    }
    sim_run(60000);
    memset(sim.longest_wait, 0, sizeof(sim.longest_wait));
    sim_start(4);
    sim_run(20000);
    for (uint32_t i = 0; i < 5; i++) {
        EXPECT(sim.longest_wait[i] < 150);
    }
}

/* A CPU that the device tree has need not start: then a pool lacks it. */
TEST(binds_vcpus_to_those_of_their_cpus_that_are_online)
{
    for (uint32_t i = 0; i < sizeof(both) / sizeof(both[0]); i++) {
        sim_begin(2, 1);
        sim.vcpus[0].affinity = 4 | 2;
        EXPECT(sched_seal(&sim.pool, both[i]) == XI_OK);
        EXPECT(sim.vcpus[0].affinity == 2 && sim.vcpus[0].cpu == 1);
        sim_begin(2, 1);
        sim.vcpus[0].affinity = 4; /* of no CPU that is online */
        EXPECT(sched_seal(&sim.pool, both[i]) == XI_ERR_NO_SPACE);
    }
}
