/* SPDX-License-Identifier: Apache-2.0 */
/* Software timers on the hypervisor's own hardware timer, one queue a CPU. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/spinlock.h>

struct timer {
    struct timer *next;
    uint64_t deadline; /* counter */
    void (*expired)(void *argument);
    void *argument;
    struct timer_queue *queue; /* where it is armed, or NULL */
};

struct timer_queue {
    spinlock_t lock;
    struct timer *first; /* by deadline */
};

void timer_init(struct timer *timer, void (*expired)(void *argument), void *argument);
/* Arms on this CPU, moving the timer from wherever it was. */
void timer_arm(struct timer *timer, uint64_t deadline);
void timer_cancel(struct timer *timer);
/* Runs what is due here, then programs the hardware for the next deadline or the slice end. */
void timer_run(void);
/* Programs the hardware only. */
void timer_program(void);
