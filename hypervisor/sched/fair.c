/* SPDX-License-Identifier: Apache-2.0 */
/* Fair round robin inside a CPU pool: who has run least runs next, for one slice at most while others
 * wait. Where a pool has a CPU for each vCPU, each keeps its own and its registers stay in the machine
 * while it sleeps. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/irq.h>
#include <xi/sched.h>
#include <xi/timer.h>
#include <xi/virq.h>

#include "pool.h"

#define GRAINS_PER_SLICE 10u /* a lead of a tenth of a slice is not worth a switch */

/* The runnable vCPU that has run least, of those that this CPU may take. */
static struct vcpu *least_run(const struct cpupool *pool, const struct cpu *cpu, const struct vcpu *except)
{
    struct vcpu *best = NULL;

    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        struct vcpu *v = pool->vcpus[i];
        bool elsewhere = (v->pinned || v->on_cpu) && v->cpu != cpu->index;
        if (v != except && v->state == VCPU_RUNNABLE && !elsewhere && (best == NULL || v->runtime < best->runtime)) {
            best = v;
        }
    }
    return best;
}

/* Keeps the vCPU that runs while its slice lasts and nobody is clearly behind it. */
static struct vcpu *choose(const struct cpupool *pool, const struct cpu *cpu, struct vcpu *previous, uint64_t now)
{
    struct vcpu *other = least_run(pool, cpu, previous);

    if (previous == NULL || previous->state != VCPU_RUNNABLE) {
        return other;
    }
    bool over = cpu->slice_end != 0 && now >= cpu->slice_end;
    bool behind = other != NULL && other->runtime + sched_slice() / GRAINS_PER_SLICE < previous->runtime;
    return other != NULL && (over || behind) ? other : previous;
}

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

/* Two that woke one after the other may both have been sent to the same CPU. */
static void send_to_idle(const struct cpupool *pool)
{
    for (uint32_t i = 0; i < pool->cpu_count; i++) {
        if (pool->cpus[i]->current == NULL) {
            sched_look_again(pool->cpus[i]);
            return;
        }
    }
}

/* One decision, under the lock: nobody else sees a vCPU between two CPUs. */
static void decide(struct cpu *cpu)
{
    struct cpupool *pool = cpu->pool;
    struct vcpu *previous = cpu->current;
    uint64_t now = arch_counter();

    if (previous != NULL) {
        previous->runtime += now - previous->slice_from;
        previous->slice_from = now;
        if (previous->state == VCPU_RUNNING) {
            previous->state = VCPU_RUNNABLE;
        }
    }
    struct vcpu *next = choose(pool, cpu, previous, now);
    cpu->current = next;
    if (next == NULL) {
        cpu->slice_end = 0;
        if (cpu->loaded != NULL && !(cpu->loaded->pinned && cpu->loaded->state == VCPU_BLOCKED)) {
            unload(cpu);
        }
        sched_begin_restart(pool);
        return;
    }
    load(cpu, next);
    next->state = VCPU_RUNNING;
    next->cpu = cpu->index;
    bool others = least_run(pool, cpu, next) != NULL;
    if (others) {
        send_to_idle(pool);
    }
    if (next != previous || cpu->slice_end == 0 || now >= cpu->slice_end) {
        next->slice_from = now;
        cpu->slice_end = others ? now + sched_slice() : 0;
    } else if (!others) {
        cpu->slice_end = 0;
    }
    sched_begin_restart(pool); /* whoever left this CPU may have been the last one to wait for */
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
            domain_restart_step(cpu->current->domain);
        } else {
            virq_sync(cpu->current);
            return;
        }
        irq_dispatch();
    }
}
