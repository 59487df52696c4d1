/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever sleeps and is woken without end takes nothing from the others, though each switch takes time. */
#include <string.h>

#include "sched_machine.h"
#include "test.h"

enum { US = 1000000 /* ticks a second: the tick is a microsecond */, SECOND = US, SLICE = 10000, STAY = 500 };
enum { HOG, WAKER };

/* Each vCPU in a domain of its own. */
static void begin(uint32_t machine_cpus, uint32_t count)
{
    sim_begin_apart(machine_cpus, count);
    sim.frequency = US;
}

static void begin_credit2(uint32_t machine_cpus, uint32_t count)
{
    begin(machine_cpus, count);
    sim_seal(CONFIG_SCHED_CREDIT2);
    for (uint32_t i = 0; i < count; i++) {
        sim_start(i);
    }
    memset(sim.work, 0, sizeof(sim.work));
}

/* Runs for `runs` ticks whenever it can, then sleeps for `sleeps`. */
static void sleep_and_wake(uint32_t vcpu, uint32_t runs, uint32_t sleeps, uint64_t ticks)
{
    struct vcpu *v = &sim.vcpus[vcpu];
    uint64_t end = sim.now + ticks, awake = 0;

    while (sim.now < end) {
        sim.here = v->cpu;
        if (v->state == VCPU_RUNNING && awake++ == runs) {
            vcpu_block(v);
            awake = 0;
            sim_settle();
            sim_run(sleeps);
            sim.here = v->cpu;
            vcpu_kick(v);
        }
        sim_run(1);
    }
}

TEST(takes_no_share_by_waking)
{
    for (uint32_t sleeps = 1; sleeps <= 20; sleeps++) {
        begin_credit2(1, 2);
        sim.load_ticks = 3;
        uint32_t before = sim.loads;
        sleep_and_wake(WAKER, 1, sleeps, SECOND / 10);
        EXPECT(sim.work[HOG] > 95ull * SECOND / 10 / 100);
        EXPECT(sim.loads - before <= 2 * SECOND / 10 / STAY + 10);
    }
}

TEST(takes_no_share_by_running_until_just_before_its_turn_ends)
{
    begin_credit2(1, 2);
    sim.load_ticks = 3;
    sleep_and_wake(WAKER, STAY, 1, SECOND);
    EXPECT(sim.work[HOG] > 95ull * SECOND / 2 / 100);
    EXPECT(sim.work[WAKER] < 105ull * SECOND / 2 / 100);
}

TEST(leaves_an_idle_cpu_to_who_wakes_at_once_and_another_one_soon)
{
    begin_credit2(2, 3);
    for (uint32_t i = 0; i < 1000; i++) {
        struct vcpu *v = &sim.vcpus[test_random(3)];
        sim.here = v->cpu;
        if (v->state == VCPU_RUNNING) {
            vcpu_block(v);
        } else if (v->state == VCPU_BLOCKED) {
            bool idles = cpus[0].current == NULL || cpus[1].current == NULL;
            vcpu_kick(v);
            sim_settle();
            EXPECT(!idles || v->state == VCPU_RUNNING);
        }
        sim_run(test_random(3000));
    }
    begin_credit2(1, 2);
    while (sim.vcpus[WAKER].state != VCPU_RUNNING) {
        sim_run(1);
    }
    for (uint32_t i = 0; i < 1000; i++) {
        sim.here = 0;
        vcpu_block(&sim.vcpus[WAKER]);
        sim_run(2000 + test_random(SLICE));
        vcpu_kick(&sim.vcpus[WAKER]);
        sim_settle();
        EXPECT(sim.vcpus[WAKER].state == VCPU_RUNNING); /* the other one has been there for long */
        sim_run(STAY);
    }
}

TEST(pays_for_the_switches_that_its_sleeps_cost_others)
{
    begin(1, 2);
    sim.may_idle = true;
    sim.configs[HOG].vcpus[0] = (struct config_vcpu){.budget = 5000, .period = 10000};
    sim.configs[WAKER].vcpus[0] = (struct config_vcpu){.budget = 2000, .period = 9000};
    sim_seal(CONFIG_SCHED_RTDS);
    sim_start(HOG);
    sim_start(WAKER);
    memset(sim.work, 0, sizeof(sim.work));
    sim.load_ticks = 3;
    sleep_and_wake(WAKER, 1, 10, SECOND);
    EXPECT(sim.work[HOG] > 99ull * SECOND / 2 / 100);
}

TEST(makes_nobody_wait_longer_for_sleepers_that_wake_one_after_the_other)
{
    uint64_t longest[2];

    for (uint32_t sleep = 0; sleep < 2; sleep++) {
        begin_credit2(1, SIM_VCPUS);
        sim_run(SECOND / 10);
        for (uint32_t i = 1; i < SIM_VCPUS && sleep != 0; i++) {
            while (sim.vcpus[i].state != VCPU_RUNNING) {
                sim_run(SLICE);
            }
            sim.here = 0;
            vcpu_block(&sim.vcpus[i]);
            sim_settle();
        }
        sim_run(2 * SECOND);
        memset(sim.waited, 0, sizeof(sim.waited));
        memset(sim.longest_wait, 0, sizeof(sim.longest_wait));
        for (uint32_t i = 1; i < SIM_VCPUS; i++) {
            sim.here = 0;
            vcpu_kick(&sim.vcpus[i]);
            sim_run(200);
        }
        sim_run(2 * SECOND);
        longest[sleep] = sim.longest_wait[HOG];
    }
    EXPECT(longest[1] <= longest[0] + 2 * SLICE);
}
