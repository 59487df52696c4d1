/* SPDX-License-Identifier: Apache-2.0 */
/* The mechanism: a CPU asks its pool's policy who runs next, and puts that one's registers into the machine. Where a
 * vCPU has a CPU of its own, they stay there while it sleeps. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/irq.h>
#include <xi/sched.h>
#include <xi/timer.h>
#include <xi/virq.h>

#include "pool.h"

static void unload(struct cpu *cpu)
{
    struct vcpu *v = cpu->loaded;
    uint64_t deadline;

    if (v == NULL) {
        return;
    }
    arch_vcpu_save(v); /* stops the timer, so that its interrupt, when no longer active, does not come again */
    virq_unload(v);
    cpu->loaded = NULL;
    v->on_cpu = false;
    if (v->state == VCPU_BLOCKED && arch_vcpu_wake_deadline(v, &deadline)) {
        timer_arm(&v->wake, deadline);
    }
}

static void load(struct cpu *cpu, struct vcpu *next)
{
    if (cpu->loaded == next) {
        return;
    }
    unload(cpu);
    if (next->restarts) {
        return;
    }
    timer_cancel(&next->wake);
    virq_load(next); /* the timer's interrupt is active before the timer runs again */
    arch_vcpu_load(next);
    cpu->loaded = next;
    next->on_cpu = true;
}

/* Whoever leaves its CPU by itself pays for the switch as well: others would be served badly by one that does so all
 * the time. Returns since when the next one is charged. */
static uint64_t charge_switch(struct vcpu *previous, uint64_t now)
{
    if (previous == NULL || previous->state == VCPU_RUNNABLE) {
        return now;
    }
    const uint64_t then = arch_counter();
    sched_charge(previous, then);
    return then;
}

/* One decision, under the lock: nobody else sees a vCPU between two CPUs. */
static void decide(struct cpu *cpu)
{
    struct cpupool *pool = cpu->pool;
    struct vcpu *previous = cpu->current;
    uint64_t now = arch_counter(), until = 0;

    if (previous != NULL) {
        sched_charge(previous, now);
        if (previous->state == VCPU_RUNNING) {
            previous->state = VCPU_RUNNABLE;
        }
    }
    struct vcpu *next = pool->policy->choose(pool, cpu, previous, now, &until);
    cpu->current = next;
    cpu->slice_end = until;
    cpu->stepped = false;
    if (next == NULL) {
        if (cpu->loaded != NULL && !(cpu->loaded->pinned && cpu->loaded->state == VCPU_BLOCKED)) {
            unload(cpu);
        }
    } else {
        load(cpu, next);
        next->state = VCPU_RUNNING;
        next->cpu = cpu->index;
        next->slice_from = charge_switch(previous, now);
    }
    sched_begin_restarts(pool); /* whoever left this CPU may have been the last one to wait for */
}

void sched_run(void)
{
    struct cpu *cpu = this_cpu();

    for (;;) {
        bool wanted = __atomic_exchange_n(&cpu->resched, false, __ATOMIC_ACQUIRE);
        if (cpu->pool != NULL && (wanted || cpu->current == NULL)) {
            spin_lock(&cpu->pool->lock);
            decide(cpu);
            spin_unlock(&cpu->pool->lock);
            timer_program();
        }
        if (__atomic_load_n(&cpu->resched, __ATOMIC_RELAXED)) {
            continue;
        }
        if (cpu->current == NULL) {
            arch_idle();
        } else if (cpu->current->restarts) {
            sched_restart_step(cpu);
        } else {
            virq_sync(cpu->current);
            return;
        }
        irq_dispatch();
    }
}
