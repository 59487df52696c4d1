/* SPDX-License-Identifier: Apache-2.0 */
/* arinc653's promise: each has its windows, to the tick, however long the system runs and whatever anybody does. */
#include <string.h>

#include "sched_machine.h"
#include "test.h"

static struct config_schedule schedule;

/* Microseconds since the pool began, exact. */
static unsigned __int128 us_at(uint64_t now)
{
    return (unsigned __int128)(now - sim.pool.began) * 1000000u / sim.frequency;
}

/* Whose window it is by the table, -1: nobody's; read from the frame's begin, as the slow and obvious way. */
static int owner(uint64_t now)
{
    uint64_t in_frame = (uint64_t)(us_at(now) % schedule.frame), end = 0;

    for (uint32_t i = 0; i < schedule.window_count; i++) {
        end += schedule.windows[i].duration;
        if (in_frame < end) {
            return schedule.windows[i].domain == CONFIG_NOBODY ? -1 : (int)schedule.windows[i].vcpu;
        }
    }
    return -1;
}

static void begin(uint32_t frequency, uint32_t count)
{
    sim_begin(1, count);
    sim.frequency = frequency;
    sim.may_idle = true;
    sim.now = 1 + test_random(1ull << 40);
    memset(&schedule, 0, sizeof(schedule));
    sim.pool.schedule = &schedule;
}

static void add_window(int vcpu, uint32_t duration)
{
    schedule.windows[schedule.window_count++] = (struct config_window){
        .domain = vcpu < 0 ? CONFIG_NOBODY : 0, .vcpu = vcpu < 0 ? 0 : (uint32_t)vcpu, .duration = duration};
}

static void random_table(uint32_t count)
{
    for (uint32_t i = 0; i < count + 3; i++) {
        add_window(i < count ? (int)i : (int)test_random(count + 1) - 1, 100 + (uint32_t)test_random(9000));
        schedule.frame += schedule.windows[i].duration;
    }
    schedule.frame += (uint32_t)test_random(2) * 777;
}

/* Nobody's code runs on the CPU outside of its windows; in them, whoever is awake. */
static void expect_owner(void)
{
    int who = owner(sim.now);
    struct vcpu *current = cpus[0].current;

    if (who < 0 || (sim.vcpus[who].state != VCPU_RUNNING && sim.vcpus[who].state != VCPU_RUNNABLE)) {
        EXPECT(current == NULL);
    } else {
        EXPECT(current == &sim.vcpus[who]);
    }
}

TEST(keeps_to_the_table_whatever_vcpus_do)
{
    static const uint32_t frequencies[] = {1000000, 24000000, 62500000, 19200000, 54000000, 1000000000};

    for (uint32_t round = 0; round < 200; round++) {
        uint32_t count = 1 + (uint32_t)test_random(SIM_VCPUS - 1);
        begin(frequencies[test_random(6)], count);
        random_table(count);
        sim_seal(CONFIG_SCHED_ARINC653);
        for (uint32_t i = 0; i < count; i++) {
            sim_start(i);
        }
        for (uint32_t i = 0; i < 500; i++) {
            struct vcpu *v = &sim.vcpus[test_random(count)];
            sim.here = 0;
            if (v->state == VCPU_BLOCKED) {
                vcpu_kick(v);
            } else if (v->state == VCPU_RUNNING && test_random(3) == 0) {
                test_random(2) == 0 ? vcpu_block(v) : vcpu_yield(v);
            }
            sim_settle();
            expect_owner();
            sim_run(1 + test_random(sim.frequency / 200));
            sim_settle();
            expect_owner();
        }
    }
}

TEST(switches_at_the_first_tick_of_a_window_for_a_year)
{
    static const uint32_t frequencies[] = {1000000, 24000000, 62500000, 19200000, 54000000, 1000000000};

    for (uint32_t round = 0; round < 60; round++) {
        begin(frequencies[round % 6], 3);
        add_window(0, 3333), add_window(1, 1001), add_window(-1, 500), add_window(2, 4999);
        schedule.frame = 3333 + 1001 + 500 + 4999 + 101;
        sim_seal(CONFIG_SCHED_ARINC653);
        for (uint32_t i = 0; i < 3; i++) {
            sim_start(i);
        }
        sim.now += test_random(365ull * 86400) * sim.frequency + test_random(sim.frequency);
        cpus[0].slice_end = 1;
        sim_settle();
        for (uint32_t i = 0; i < 200; i++) {
            expect_owner();
            uint64_t until = cpus[0].slice_end;
            EXPECT(until > sim.now);
            EXPECT(us_at(until - 1) != us_at(until)); /* not a tick later than the microsecond begins */
            sim.now = until;
            sim_settle();
        }
    }
}

TEST(is_not_disturbed_in_a_window_by_who_wakes_for_another)
{
    begin(1000000, 2);
    add_window(0, 5000), add_window(1, 5000);
    schedule.frame = 10000;
    sim_seal(CONFIG_SCHED_ARINC653);
    sim_start(0);
    sim_start(1);
    sim_run(10000 - (sim.now - sim.pool.began) + 6000);
    sim.here = 0;
    vcpu_block(&sim.vcpus[1]);
    sim_run(6000);
    vcpu_kick(&sim.vcpus[1]);
    EXPECT(!cpus[0].resched);
    EXPECT(cpus[0].current == &sim.vcpus[0]);
    sim_run(4000);
    EXPECT(cpus[0].current == &sim.vcpus[1]);
}

/* Its restart never ends. */
static void restart_for_ever(struct domain *own, uint32_t longest_step)
{
    sim.longest_step = longest_step;
    sim.here = 0;
    sched_stop(own->vcpus[0]);
    sched_restart(own);
    sim_settle();
}

TEST(begins_each_window_in_time_while_a_neighbour_restarts)
{
    static struct domain own;

    for (uint32_t round = 0; round < 50; round++) {
        begin(1000000, 2);
        sim_split_off(&own, &sim.config, 1, 1);
        add_window(0, 500), add_window(1, 1000);
        schedule.windows[1].domain = 1, schedule.windows[1].vcpu = 0;
        schedule.frame = 1500;
        sim_seal(CONFIG_SCHED_ARINC653);
        sim_start(0);
        sim_start(1);
        restart_for_ever(&own, 1 + (uint32_t)test_random(300));
        for (uint32_t frame = 0; frame < 200; frame++) {
            sim_run(1500 - (sim.now - sim.pool.began) % 1500);
            sim_settle();
            EXPECT(cpus[0].current == &sim.vcpus[0] && (sim.vcpus[0].slice_from - sim.pool.began) % 1500 == 0);
        }
        EXPECT((uint64_t)sim.steps * sim.longest_step >= 190ull * (1000 - sim.longest_step));
    }
}

TEST(restarts_in_windows_shorter_than_a_step_once_took)
{
    static struct domain own;

    begin(1000000, 2);
    sim_split_off(&own, &sim.config, 1, 1);
    add_window(0, 500), add_window(1, 100);
    schedule.windows[1].domain = 1, schedule.windows[1].vcpu = 0;
    schedule.frame = 2000;
    sim_seal(CONFIG_SCHED_ARINC653);
    sim_start(0);
    sim_start(1);
    restart_for_ever(&own, 150);
    sim_run(200 * 2000);
    EXPECT(sim.steps >= 199 && sim.steps <= 201);
}

TEST(has_one_cpu)
{
    sim_begin(2, 1);
    add_window(0, 5000);
    sim.pool.schedule = &schedule;
    EXPECT(sched_seal(&sim.pool, CONFIG_SCHED_ARINC653) == XI_ERR_NO_SPACE);
}
