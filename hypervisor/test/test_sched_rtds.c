/* SPDX-License-Identifier: Apache-2.0 */
/* rtds' promise: nobody who was admitted misses a deadline, whatever the others do. */
#include <string.h>

#include <xi/reserve.h>

#include "sched_machine.h"
#include "test.h"

static uint32_t misses, deadlines;
static uint64_t seen[SIM_VCPUS]; /* deadlines that have been looked at */

/* Whoever wants to run at its deadline has had its budget. */
static void watch(void)
{
    for (uint32_t i = 0; i < sim.vcpu_count; i++) {
        const struct vcpu *v = &sim.vcpus[i];
        bool wants = v->state == VCPU_RUNNABLE || v->state == VCPU_RUNNING;
        int64_t left = v->left - (v->state == VCPU_RUNNING ? (int64_t)(sim.now - v->slice_from) : 0);
        if (wants && sim.now >= v->deadline && seen[i] != v->deadline) {
            seen[i] = v->deadline;
            deadlines++;
            misses += left > 0 ? 1 : 0;
        }
    }
}

static void begin(uint32_t machine_cpus, uint32_t count)
{
    sim_begin(machine_cpus, count);
    sim.frequency = 1000000; /* the tick is a microsecond */
    sim.may_idle = true;
    sim.watch = watch;
    misses = deadlines = 0;
    memset(seen, 0, sizeof(seen));
}

static void promise(uint32_t vcpu, uint32_t budget, uint32_t period)
{
    sim.config.vcpus[vcpu] = (struct config_vcpu){.budget = budget, .period = period};
}

static bool admitted(void)
{
    return sched_seal(&sim.pool, CONFIG_SCHED_RTDS) == XI_OK;
}

/* As full as can be: the last gets what is left, to the tick. Each vCPU on one CPU, or all on any. */
static void promise_all(uint32_t machine_cpus, uint32_t count, bool partitioned)
{
    static const uint32_t periods[] = {1000, 2000, 3000, 5000, 7000, 10000, 12500, 20000, 33000, 50000};
    double sum[SIM_CPUS] = {0}, largest = 0, all = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t period = periods[test_random(10)], cpu = i % machine_cpus;
        bool last = partitioned ? i + machine_cpus >= count : i + 1 == count;
        double most = partitioned ? 1 - sum[cpu] : machine_cpus - all - (machine_cpus - 1) * largest;
        if (!partitioned && machine_cpus > 1 && most > largest) {
            /* a share that is itself the largest counts m times */
            double own = (machine_cpus - all) / machine_cpus;
            most = own > largest ? own : most;
        }
        most = most > 1 ? 1 : most;
        uint32_t budget = (uint32_t)((last ? most : most * (double)test_random(70) / 100) * period);
        budget = budget == 0 ? 1 : budget;
        promise(i, budget, period);
        sim.vcpus[i].affinity = partitioned ? 1u << cpu : 0;
        double share = (double)budget / period;
        sum[cpu] += share;
        all += share;
        largest = share > largest ? share : largest;
    }
}

/* Sleeps and wakes at random; some never sleep. */
static void live(uint32_t count, uint32_t events)
{
    uint32_t tireless = (uint32_t)test_random(1u << count);

    for (uint32_t i = 0; i < count; i++) {
        sim_start(i);
        sim_run(test_random(3000));
    }
    for (uint32_t e = 0; e < events; e++) {
        uint32_t i = (uint32_t)test_random(count);
        struct vcpu *v = &sim.vcpus[i];
        sim.here = v->cpu;
        if (v->state == VCPU_RUNNING && (tireless & 1u << i) == 0) {
            vcpu_block(v);
        } else if (v->state == VCPU_BLOCKED) {
            sim.here = (uint32_t)test_random(cpu_count);
            vcpu_kick(v);
        }
        sim_run(1 + test_random(test_random(2) == 0 ? 300 : 5000));
    }
}

TEST(misses_no_deadline_of_what_it_admits)
{
    uint32_t rounds = 0, seen_deadlines = 0;

    for (uint32_t round = 0; round < 300; round++) {
        uint32_t machine_cpus = 1 + (uint32_t)test_random(SIM_CPUS);
        uint32_t count = 1 + (uint32_t)test_random(SIM_VCPUS);
        begin(machine_cpus, count);
        promise_all(machine_cpus, count, round % 3 == 0);
        if (!admitted()) {
            continue; /* a microsecond too much */
        }
        rounds++;
        live(count, 800);
        EXPECT(misses == 0);
        seen_deadlines += deadlines;
    }
    EXPECT(rounds > 200 && seen_deadlines > 50000);
}

TEST(gives_each_its_budget_in_each_period_and_no_more)
{
    for (uint32_t round = 0; round < 50; round++) {
        uint64_t before[SIM_VCPUS];
        begin(1, 3);
        promise(0, 1 + (uint32_t)test_random(3000), 10000);
        promise(1, 1 + (uint32_t)test_random(6000), 20000);
        promise(2, 1 + (uint32_t)test_random(1600), 4000);
        EXPECT(admitted());
        for (uint32_t i = 0; i < 3; i++) {
            sim_start(i);
        }
        for (uint32_t periods = 0; periods < 100; periods++) {
            memcpy(before, sim.work, sizeof(before));
            sim_run(20000);
            for (uint32_t i = 0; i < 3; i++) {
                const struct config_vcpu *c = &sim.config.vcpus[i];
                EXPECT(sim.work[i] - before[i] == 20000ull / c->period * c->budget);
            }
        }
    }
}

TEST(keeps_a_sleepers_budget_as_long_as_its_share_allows)
{
    begin(1, 1);
    promise(0, 4000, 10000);
    EXPECT(admitted());
    sim_start(0);
    uint64_t deadline = sim.vcpus[0].deadline;
    sim_run(3000);
    sim.here = 0;
    vcpu_block(&sim.vcpus[0]);
    sim_run(1000);
    vcpu_kick(&sim.vcpus[0]); /* 1000 are left, for 6000 */
    sim_settle();
    EXPECT(sim.vcpus[0].deadline == deadline && sim.vcpus[0].left == 1000);
    vcpu_block(&sim.vcpus[0]);
    sim_run(4000);
    vcpu_kick(&sim.vcpus[0]); /* for 2000: half a CPU, and a new period begins */
    sim_settle();
    EXPECT(sim.vcpus[0].deadline == sim.now + 10000 && sim.vcpus[0].left == 4000);
}

TEST(takes_what_ran_beyond_a_deadline_from_the_next_budget)
{
    begin(1, 1);
    promise(0, 10000, 10000);
    EXPECT(admitted());
    sim_start(0);
    uint64_t deadline = sim.vcpus[0].deadline;
    sim.now = deadline + 2000; /* the timer is late */
    sim.here = 0;
    vcpu_yield(&sim.vcpus[0]);
    sim_settle();
    EXPECT(sim.vcpus[0].deadline == deadline + 10000 && sim.vcpus[0].left == 8000);
}

/* A restart's steps cannot be interrupted, and may be longer than a budget or a period. */
TEST(gives_who_cannot_be_interrupted_no_more_than_its_share)
{
    for (uint32_t round = 0; round < 200; round++) {
        const uint32_t period = 1000 + (uint32_t)test_random(9000), budget = 1 + (uint32_t)test_random(period / 2);
        const uint32_t longest = 1 + (uint32_t)test_random(3 * period);
        const bool sleeps = round % 2 != 0;
        begin(1, 1);
        promise(0, budget, period);
        EXPECT(admitted());
        sim_start(0);
        uint64_t from = sim.now, ran = 0;
        for (uint32_t steps = 0; steps < 200; ) {
            struct vcpu *v = &sim.vcpus[0];
            sim.here = 0;
            if (v->state == VCPU_RUNNING) {
                uint64_t step = 1 + test_random(longest);
                sim.now += step;
                ran += step;
                steps++;
                sleeps && test_random(3) == 0 ? vcpu_block(v) : vcpu_yield(v);
            } else if (v->state == VCPU_BLOCKED) {
                sim.now += test_random(2 * period);
                vcpu_kick(v);
            } else {
                sim.now = cpus[0].slice_end; /* nobody runs until then */
            }
            sim_settle();
        }
        uint64_t due = (sim.now - from) * budget / period;
        EXPECT(ran <= due + budget + longest);
        EXPECT(sleeps || ran + budget + longest >= due);
    }
}

TEST(refuses_what_it_could_not_keep)
{
    begin(1, 3);
    promise(0, 10000, 30000), promise(1, 10000, 30000), promise(2, 10000, 30000);
    EXPECT(admitted());
    begin(1, 3);
    promise(0, 10000, 30000), promise(1, 10000, 30000), promise(2, 10001, 30000);
    EXPECT(!admitted());
    begin(2, 3); /* two thirds each on any of two CPUs: one of the three would come too late */
    promise(0, 6600, 10000), promise(1, 6600, 10000), promise(2, 6600, 10000);
    EXPECT(!admitted());
    begin(2, 3);
    promise(0, 5000, 10000), promise(1, 5000, 10000), promise(2, 5000, 10000);
    EXPECT(admitted());
    begin(2, 2); /* each on its own */
    promise(0, 10000, 10000), promise(1, 10000, 10000);
    sim.vcpus[0].affinity = 1, sim.vcpus[1].affinity = 2;
    EXPECT(admitted());
    begin(2, 2);
    promise(0, 10, 10000), promise(1, 10, 10000);
    sim.vcpus[0].affinity = 1;
    EXPECT(!admitted()); /* one for a CPU, one for any */
}
