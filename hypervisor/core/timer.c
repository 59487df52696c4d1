/* SPDX-License-Identifier: Apache-2.0 */
/* Software timers: a sorted list for each CPU, and one hardware deadline for its head. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/cpu.h>
#include <xi/timer.h>

void timer_init(struct timer *timer, void (*expired)(void *argument), void *argument)
{
    *timer = (struct timer){.expired = expired, .argument = argument};
}

/* With the queue's lock held. */
static void take_out(struct timer_queue *queue, struct timer *timer)
{
    for (struct timer **at = &queue->first; *at != NULL; at = &(*at)->next) {
        if (*at == timer) {
            *at = timer->next;
            break;
        }
    }
    timer->queue = NULL;
}

void timer_cancel(struct timer *timer)
{
    struct timer_queue *queue = timer->queue;

    if (queue == NULL) {
        return;
    }
    spin_lock(&queue->lock);
    if (timer->queue == queue) {
        take_out(queue, timer);
    }
    spin_unlock(&queue->lock);
}

void timer_arm(struct timer *timer, uint64_t deadline)
{
    struct timer_queue *queue = &this_cpu()->timers;

    timer_cancel(timer);
    spin_lock(&queue->lock);
    struct timer **at = &queue->first;
    while (*at != NULL && (*at)->deadline <= deadline) {
        at = &(*at)->next;
    }
    timer->deadline = deadline;
    timer->queue = queue;
    timer->next = *at;
    *at = timer;
    spin_unlock(&queue->lock);
    timer_program();
}

static struct timer *next_due(struct timer_queue *queue, uint64_t now)
{
    struct timer *timer;

    spin_lock(&queue->lock);
    timer = queue->first;
    if (timer != NULL && timer->deadline <= now) {
        take_out(queue, timer);
    } else {
        timer = NULL;
    }
    spin_unlock(&queue->lock);
    return timer;
}

void timer_program(void)
{
    struct cpu *cpu = this_cpu();
    uint64_t deadline = UINT64_MAX;

    spin_lock(&cpu->timers.lock);
    if (cpu->timers.first != NULL) {
        deadline = cpu->timers.first->deadline;
    }
    spin_unlock(&cpu->timers.lock);
    if (cpu->slice_end != 0 && cpu->slice_end < deadline) {
        deadline = cpu->slice_end;
    }
    arch_set_deadline(deadline);
}

void timer_run(void)
{
    struct cpu *cpu = this_cpu();
    uint64_t now = arch_counter();
    struct timer *timer;

    while ((timer = next_due(&cpu->timers, now)) != NULL) {
        timer->expired(timer->argument);
    }
    if (cpu->slice_end != 0 && cpu->slice_end <= now) {
        cpu->resched = true;
        arch_set_deadline(UINT64_MAX); /* the scheduler programs it again */
        return;
    }
    timer_program();
}
