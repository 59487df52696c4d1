/* SPDX-License-Identifier: Apache-2.0 */
/* credit2's promises: shares by weight as far as a vCPU can use them, and caps. Measured against the ideal. */
#include <string.h>

#include "sched_machine.h"
#include "test.h"

#define US 1000000u /* ticks a second: the tick is a microsecond */
#define SECOND 1000000ull
#define SLICE 10000u
#define PERIOD 50000u /* of caps */

/* Each vCPU in a domain of its own. */
static void begin(uint32_t machine_cpus, uint32_t count)
{
    sim_begin_apart(machine_cpus, count);
    sim.frequency = US;
}

static void start_all(uint32_t count)
{
    sim_seal(CONFIG_SCHED_CREDIT2);
    for (uint32_t i = 0; i < count; i++) {
        sim_start(i);
        sim_run(test_random(30000));
    }
    memset(sim.work, 0, sizeof(sim.work));
}

/* What each is due of `cpus` CPUs: in proportion to its weight, but one CPU at most, and what that leaves over goes to
 * the others. */
static void ideal(uint32_t machine_cpus, uint32_t count, double *due)
{
    bool full[SIM_VCPUS] = {false};

    for (uint32_t round = 0; round < count; round++) {
        double rest = machine_cpus, weights = 0;
        for (uint32_t i = 0; i < count; i++) {
            rest -= full[i] ? 1 : 0;
            weights += full[i] ? 0 : sim.configs[i].weight;
        }
        for (uint32_t i = 0; i < count; i++) {
            due[i] = full[i] ? 1 : rest * sim.configs[i].weight / weights;
        }
        for (uint32_t i = 0; i < count; i++) {
            full[i] = full[i] || due[i] >= 1;
        }
    }
}

static uint32_t random_weight(void)
{
    static const uint32_t weights[] = {64, 128, 256, 384, 512, 1024, 2048, 65535, 1};

    return weights[test_random(test_random(10) == 0 ? 9 : 7)];
}

/* Everybody has run what is its due in so many seconds, to within `slack` ticks. */
static void expect_shares(uint32_t machine_cpus, uint32_t count, uint64_t seconds, double slack)
{
    double due[SIM_VCPUS];

    ideal(machine_cpus, count, due);
    for (uint32_t i = 0; i < count; i++) {
        double error = (double)sim.work[i] - due[i] * (double)(seconds * SECOND);
        EXPECT(error < slack && error > -slack);
    }
}

TEST(divides_cpus_by_weight_as_far_as_a_vcpu_can_use_them)
{
    for (uint32_t round = 0; round < 100; round++) {
        uint32_t machine_cpus = 1 + (uint32_t)test_random(SIM_CPUS);
        uint32_t count = machine_cpus + 1 + (uint32_t)test_random(SIM_VCPUS - machine_cpus);
        begin(machine_cpus, count);
        for (uint32_t i = 0; i < count; i++) {
            sim.configs[i].weight = random_weight();
        }
        start_all(count);
        sim_run(100 * SECOND);
        expect_shares(machine_cpus, count, 100, 5 * SLICE);
    }
}

TEST(divides_what_sleepers_leave_over_and_holds_no_sleep_against_the_others)
{
    for (uint32_t round = 0; round < 30; round++) {
        begin(1, 3);
        sim.configs[0].weight = random_weight();
        sim.configs[1].weight = random_weight();
        sim.configs[2].weight = 1024;
        start_all(3);
        for (uint32_t i = 0; i < 2000; i++) { /* the third runs for a millisecond now and then */
            struct vcpu *sleeper = &sim.vcpus[2];
            sim.here = 0;
            vcpu_kick(sleeper);
            sim_run(1000);
            if (sleeper->state == VCPU_RUNNING) {
                vcpu_block(sleeper);
            }
            sim_run(10000 + test_random(20000));
        }
        double both = (double)(sim.work[0] + sim.work[1]);
        double share = (double)sim.work[0] / both;
        double due = (double)sim.configs[0].weight / (sim.configs[0].weight + sim.configs[1].weight);
        EXPECT(share - due < 0.01 && due - share < 0.01);
    }
}

TEST(counts_stays_that_are_shorter_than_a_unit_of_the_account)
{
    begin(1, 3);
    sim.configs[0].weight = sim.configs[2].weight = 65535;
    sim.configs[1].weight = 16384;
    start_all(3);
    for (uint32_t i = 0; i < 20000; i++) { /* the third interrupts, at every 200 ticks */
        sim.here = 0;
        vcpu_kick(&sim.vcpus[2]);
        sim_run(20);
        vcpu_block(&sim.vcpus[2]);
        sim_run(180);
    }
    double share = (double)sim.work[0] / (double)(sim.work[0] + sim.work[1]);
    EXPECT(share > 0.79 && share < 0.81);
}

TEST(makes_nobody_wait_for_one_who_could_not_use_its_weight_to_catch_up)
{
    begin(2, 4);
    sim.configs[0].weight = sim.configs[1].weight = 1024;
    sim_seal(CONFIG_SCHED_CREDIT2);
    sim_start(0);
    sim_start(2);
    sim_start(3);
    sim_run(60 * SECOND); /* the first is due more than one CPU */
    memset(sim.longest_wait, 0, sizeof(sim.longest_wait));
    sim_start(1);
    memset(sim.work, 0, sizeof(sim.work));
    sim_run(10 * SECOND);
    EXPECT(sim.longest_wait[2] < 20 * SLICE && sim.longest_wait[3] < 20 * SLICE);
    expect_shares(2, 4, 10, 10 * SLICE);
}

TEST(keeps_a_domain_to_its_cap_in_each_period_and_gives_it_all_of_it)
{
    for (uint32_t round = 0; round < 60; round++) {
        uint32_t machine_cpus = 1 + (uint32_t)test_random(SIM_CPUS);
        uint32_t count = 1 + (uint32_t)test_random(SIM_VCPUS);
        uint32_t usable = count < machine_cpus ? count : machine_cpus;
        sim_begin(machine_cpus, count);
        sim.frequency = US;
        sim.may_idle = true;
        sim.config.cap = 1 + (uint32_t)test_random(100 * usable);
        start_all(count);
        sim_run(PERIOD - sim.now % PERIOD);
        for (uint32_t period = 1; period <= 100; period++) {
            uint64_t sum = 0, cap = (uint64_t)period * PERIOD * sim.config.cap / 100;
            if (period == 1) {
                memset(sim.work, 0, sizeof(sim.work));
            }
            sim_run(PERIOD);
            for (uint32_t i = 0; i < count; i++) {
                sum += sim.work[i];
            }
            EXPECT(sum <= cap + SIM_CPUS && sum + SIM_CPUS >= cap);
        }
    }
}

TEST(gives_what_caps_forbid_to_the_others)
{
    for (uint32_t round = 0; round < 60; round++) {
        uint32_t machine_cpus = 1 + (uint32_t)test_random(SIM_CPUS - 1);
        begin(machine_cpus, machine_cpus + 1);
        sim.may_idle = true;
        sim.configs[0].weight = 1024;
        sim.configs[0].cap = 1 + (uint32_t)test_random(40);
        start_all(machine_cpus + 1);
        sim_run(20 * SECOND);
        uint64_t cap = 20 * SECOND * sim.configs[0].cap / 100, sum = 0;
        for (uint32_t i = 0; i <= machine_cpus; i++) {
            sum += sim.work[i];
        }
        EXPECT(sum == 20ull * SECOND * machine_cpus);
        EXPECT(sim.work[0] <= cap + PERIOD && sim.work[0] + PERIOD >= cap);
    }
}

TEST(wakes_who_waits_for_the_next_period_where_all_cpus_sleep)
{
    sim_begin(2, 2);
    sim.frequency = US;
    sim.may_idle = true;
    sim.config.cap = 20;
    start_all(2);
    for (uint32_t i = 0; i < 5000; i++) {
        struct vcpu *v = &sim.vcpus[test_random(2)];
        sim.here = v->cpu;
        if (v->state == VCPU_RUNNING) {
            vcpu_block(v);
        } else {
            vcpu_kick(v);
        }
        sim_run(1 + test_random(20000));
        EXPECT(sim.longest_wait[0] < PERIOD && sim.longest_wait[1] < PERIOD);
    }
}
