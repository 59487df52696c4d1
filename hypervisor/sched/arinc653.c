/* SPDX-License-Identifier: Apache-2.0 */
/* arinc653: one CPU, and a table that says who may run when in each major frame. Nothing is given away: who sleeps in
 * its own window leaves the CPU idle. Windows begin at microseconds since the pool began, counted from there and not
 * from the last one, so that nothing adds up over the frames, whatever the counter's frequency. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/cpu.h>
#include <xi/domain.h>

#include "pool.h"

#define US_PER_SECOND 1000000u

/* Whole microseconds in so many ticks, without overflow. */
static uint64_t to_us(uint64_t ticks)
{
    const uint64_t frequency = arch_counter_frequency();

    return ticks / frequency * US_PER_SECOND + ticks % frequency * US_PER_SECOND / frequency;
}

/* The first tick at which to_us is `us`. */
static uint64_t to_ticks(uint64_t us)
{
    const uint64_t frequency = arch_counter_frequency();
    const uint64_t part = us % US_PER_SECOND * frequency;

    return us / US_PER_SECOND * frequency + (part + US_PER_SECOND - 1) / US_PER_SECOND;
}

static xi_err seal(struct cpupool *pool)
{
    pool->began = arch_counter();
    return pool->cpu_count == 1 && pool->schedule->window_count != 0 ? XI_OK : XI_ERR_NO_SPACE;
}

/* The window of that time, NULL between the last one and the frame's end; *until: the counter at which it ends. */
static const struct config_window *window_at(const struct cpupool *pool, uint64_t now, uint64_t *until)
{
    const struct config_schedule *schedule = pool->schedule;
    const uint64_t us = to_us(now - pool->began), in_frame = us % schedule->frame;
    uint64_t end = 0;

    for (uint32_t i = 0; i < schedule->window_count; i++) {
        end += schedule->windows[i].duration;
        if (in_frame < end) {
            *until = pool->began + to_ticks(us - in_frame + end);
            return &schedule->windows[i];
        }
    }
    *until = pool->began + to_ticks(us - in_frame + schedule->frame);
    return NULL;
}

static bool is_of(const struct config_window *window, const struct vcpu *vcpu)
{
    return window != NULL && window->domain == vcpu->domain->id - 1u && window->vcpu == vcpu->id;
}

static struct vcpu *choose(struct cpupool *pool, struct cpu *cpu, struct vcpu *previous, uint64_t now,
                           uint64_t *until)
{
    const struct config_window *window = window_at(pool, now, until);

    (void)previous;
    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        if (is_of(window, pool->vcpus[i]) && sched_waits_for(pool->vcpus[i], cpu)) {
            return pool->vcpus[i];
        }
    }
    return NULL;
}

static void wake(struct cpupool *pool, struct vcpu *vcpu, uint64_t now)
{
    uint64_t until;

    /* Nobody is disturbed in its own window by who wakes for another one. A CPU that looks for the first time finds
     * out by itself. */
    if (is_of(window_at(pool, now, &until), vcpu) || pool->cpus[0]->slice_end == 0) {
        sched_look_again(pool->cpus[0]);
    }
}

const struct sched_policy sched_arinc653 = {
    .name = "arinc653", .punctual = true, .seal = seal, .choose = choose, .wake = wake,
};
