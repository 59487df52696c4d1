/* SPDX-License-Identifier: Apache-2.0 */
/* credit2, where vCPUs yield: the others come first, and what one gives up is neither lost to them nor saved up. */
#include <string.h>

#include "sched_machine.h"
#include "test.h"

enum { US = 1000000 /* ticks a second: the tick is a microsecond */, SECOND = US, SLICE = 10000, SPIN = 5 };

/* Each vCPU in a domain of its own, all of them on. */
static void begin(uint32_t machine_cpus, uint32_t count)
{
    sim_begin_apart(machine_cpus, count);
    sim.frequency = US;
    sim_seal(CONFIG_SCHED_CREDIT2);
    for (uint32_t i = 0; i < count; i++) {
        sim_start(i);
    }
    memset(sim.work, 0, sizeof(sim.work));
}

/* Whoever runs and has nothing to do yields; then all run for `SPIN` ticks. */
static void spin(const bool *waits)
{
    for (uint32_t i = 0; i < sim.vcpu_count; i++) {
        struct vcpu *v = &sim.vcpus[i];
        if (waits[i] && v->state == VCPU_RUNNING) {
            sim.here = v->cpu;
            vcpu_yield(v);
        }
    }
    sim_run(SPIN);
}

static void forget_waits(void)
{
    memset(sim.waited, 0, sizeof(sim.waited));
    memset(sim.longest_wait, 0, sizeof(sim.longest_wait));
}

TEST(lets_one_run_that_others_yield_to_however_much_it_has_run)
{
    static const bool waits[SIM_VCPUS] = {true, true, true, false};

    for (uint32_t machine_cpus = 1; machine_cpus <= 2; machine_cpus++) {
        begin(machine_cpus, 4);
        spin(waits);
        forget_waits();
        for (uint32_t i = 0; i < 20000; i++) {
            spin(waits);
        }
        EXPECT(sim.work[3] > 95ull * 20000 * SPIN / 100);
        EXPECT(sim.longest_wait[3] <= 4 * SPIN);
        for (uint32_t i = 0; i < 3; i++) { /* who yields is not forgotten */
            EXPECT(sim.longest_wait[i] <= 4 * SLICE);
        }
    }
}

static void sleep_or_yield(const bool *waits, bool sleeps)
{
    for (uint32_t i = 0; i < sim.vcpu_count && sleeps; i++) {
        struct vcpu *v = &sim.vcpus[i];
        sim.here = v->cpu;
        if (waits[i] && v->state == VCPU_RUNNING) {
            vcpu_block(v);
        } else if (!waits[i] && v->state == VCPU_BLOCKED) {
            vcpu_kick(v);
        }
    }
    spin(waits);
}

/* Everybody works for a while, then sleeps or yields until all have come so far. Ticks until all barriers are passed. */
static uint64_t time_at_barriers(uint32_t machine_cpus, uint32_t count, bool sleeps)
{
    begin(machine_cpus, count);
    uint64_t start = sim.now, random = 1;
    for (uint32_t barrier = 0; barrier < 200; barrier++) {
        uint64_t until[SIM_VCPUS];
        bool waits[SIM_VCPUS] = {false}, all = false;
        for (uint32_t i = 0; i < count; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u; /* the same for both */
            until[i] = sim.work[i] + (random >> 33) % (2 * SLICE);
        }
        while (!all) {
            sleep_or_yield(waits, sleeps);
            all = true;
            for (uint32_t i = 0; i < count; i++) {
                waits[i] = sim.work[i] >= until[i];
                all = all && waits[i];
            }
        }
    }
    return sim.now - start;
}

TEST(costs_hardly_more_than_sleep_where_all_wait_for_the_last)
{
    for (uint32_t machine_cpus = 1; machine_cpus <= SIM_CPUS; machine_cpus++) {
        uint64_t yielding = time_at_barriers(machine_cpus, machine_cpus + 2, false);
        uint64_t sleeping = time_at_barriers(machine_cpus, machine_cpus + 2, true);
        EXPECT(yielding < sleeping * 21 / 20);
    }
}

TEST(holds_no_yield_against_the_others)
{
    for (uint32_t machine_cpus = 1; machine_cpus <= 2; machine_cpus++) {
        bool waits[SIM_VCPUS] = {true, true, true, false};
        begin(machine_cpus, 4);
        for (uint32_t i = 0; i < 100000; i++) {
            spin(waits);
        }
        forget_waits();
        sim_run(10 * SECOND); /* nobody yields any more */
        EXPECT(sim.longest_wait[3] < 10 * SLICE);
    }
}

TEST(divides_among_the_others_by_weight_what_one_gives_up)
{
    static const bool waits[SIM_VCPUS] = {true};
    uint64_t sum = 0;

    begin(1, 4);
    for (uint32_t i = 0; i < 4; i++) {
        sim.vcpus[i].weight = i == 3 ? 64 : 256 << i;
    }
    for (uint32_t i = 0; i < 20 * SECOND / SPIN; i++) {
        spin(waits);
    }
    for (uint32_t i = 1; i < 4; i++) {
        sum += sim.work[i];
    }
    for (uint32_t i = 1; i < 4; i++) {
        double error = (double)sim.work[i] - (double)sum * sim.vcpus[i].weight / (512 + 1024 + 64);
        EXPECT(error < 5 * SLICE && error > -5 * SLICE);
    }
}
