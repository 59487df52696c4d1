/* SPDX-License-Identifier: Apache-2.0 */
/* Fair round robin inside a CPU pool: who has run least runs next, for one slice at most while others
 * wait. Where a pool has a CPU for each vCPU, each keeps its own and its registers stay in the machine
 * while it sleeps. All functions: the pool's lock is taken here, never by the caller. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/check.h>
#include <xi/domain.h>
#include <xi/gic.h>
#include <xi/irq.h>
#include <xi/sched.h>
#include <xi/timer.h>
#include <xi/vgic.h>
#include <xi/virq.h>
#include <xi/vtimer.h>

#define SLICES_PER_SECOND 100u
#define GRAINS_PER_SLICE 10u /* a lead of a tenth of a slice is not worth a switch */

static uint64_t slice(void)
{
    return arch_counter_frequency() / SLICES_PER_SECOND;
}

void sched_add_vcpu(struct cpupool *pool, struct vcpu *vcpu)
{
    XI_CHECK(pool->vcpu_count < pool->vcpu_limit);
    pool->vcpus[pool->vcpu_count++] = vcpu;
    vcpu->domain->pool = pool;
}

void sched_seal(struct cpupool *pool)
{
    bool enough = pool->vcpu_count <= pool->cpu_count;

    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        pool->vcpus[i]->pinned = enough;
        pool->vcpus[i]->cpu = pool->cpus[i % pool->cpu_count]->index;
    }
}

static uint64_t runtime_now(const struct vcpu *vcpu, uint64_t now)
{
    return vcpu->state == VCPU_RUNNING ? vcpu->runtime + (now - vcpu->slice_from) : vcpu->runtime;
}

/* A sleeper may come back a little ahead of the others, but not with all the time that it slept. */
static void forgive_sleep(struct cpupool *pool, struct vcpu *woken, uint64_t now)
{
    uint64_t least = UINT64_MAX;

    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        const struct vcpu *v = pool->vcpus[i];
        if (v != woken && (v->state == VCPU_RUNNING || v->state == VCPU_RUNNABLE) && runtime_now(v, now) < least) {
            least = runtime_now(v, now);
        }
    }
    if (least != UINT64_MAX && least > slice() && woken->runtime < least - slice()) {
        woken->runtime = least - slice();
    }
}

/* Where a vCPU that just became runnable should be looked at: its own CPU, else one that idles, else
 * the one whose vCPU has run most. */
static struct cpu *cpu_for(const struct cpupool *pool, const struct vcpu *vcpu, uint64_t now)
{
    struct cpu *busiest = &cpus[vcpu->cpu];
    uint64_t most = 0;

    if (vcpu->pinned || vcpu->on_cpu || busiest->current == NULL) {
        return busiest;
    }
    for (uint32_t i = 0; i < pool->cpu_count; i++) {
        struct cpu *c = pool->cpus[i];
        if (c->current == NULL) {
            return c;
        }
        if (runtime_now(c->current, now) > most) {
            most = runtime_now(c->current, now);
            busiest = c;
        }
    }
    return busiest;
}

static void reschedule(struct cpu *cpu)
{
    __atomic_store_n(&cpu->resched, true, __ATOMIC_RELEASE);
    if (cpu != this_cpu()) {
        gic->send_kick(cpu);
    }
}

static void make_runnable(struct cpupool *pool, struct vcpu *vcpu)
{
    uint64_t now = arch_counter();

    forgive_sleep(pool, vcpu, now);
    vcpu->state = VCPU_RUNNABLE;
    reschedule(cpu_for(pool, vcpu, now));
}

void vcpu_kick(struct vcpu *vcpu)
{
    struct cpupool *pool = vcpu->domain->pool;

    spin_lock(&pool->lock);
    if (vcpu->state == VCPU_BLOCKED) {
        make_runnable(pool, vcpu);
    } else if (vcpu->state == VCPU_RUNNING && &cpus[vcpu->cpu] != this_cpu()) {
        gic->send_kick(&cpus[vcpu->cpu]);
    }
    spin_unlock(&pool->lock);
}

void vcpu_block(struct vcpu *vcpu)
{
    struct cpupool *pool = vcpu->domain->pool;
    bool pending = virq_pending(vcpu);

    spin_lock(&pool->lock);
    /* Whoever makes an interrupt pending from here on finds the vCPU blocked and kicks it. */
    if (vcpu->state == VCPU_RUNNING && !pending && !vgic_is_stale(vcpu)) {
        vcpu->state = VCPU_BLOCKED;
        this_cpu()->resched = true;
    }
    spin_unlock(&pool->lock);
}

void vcpu_yield(struct vcpu *vcpu)
{
    XI_CHECK(vcpu == this_cpu()->current);
    this_cpu()->slice_end = 1; /* long ago */
    this_cpu()->resched = true;
}

bool vcpu_is_on(const struct vcpu *vcpu)
{
    return vcpu->state != VCPU_OFF || vcpu->on_cpu;
}

xi_err vcpu_on(struct vcpu *vcpu, uint64_t entry, uint64_t context)
{
    struct cpupool *pool = vcpu->domain->pool;
    xi_err err = XI_ERR_BUSY;

    spin_lock(&pool->lock);
    if (!vcpu_is_on(vcpu) && !vcpu->domain->dying) {
        vtimer_reset(vcpu);
        vgic_vcpu_reset(vcpu);
        arch_vcpu_reset(vcpu, entry, context);
        make_runnable(pool, vcpu);
        err = XI_OK;
    }
    spin_unlock(&pool->lock);
    return err;
}

void vcpu_off(struct vcpu *vcpu)
{
    sched_stop(vcpu);
}

void sched_stop(struct vcpu *vcpu)
{
    struct cpupool *pool = vcpu->domain->pool;

    spin_lock(&pool->lock);
    vcpu->state = VCPU_OFF;
    if (vcpu->on_cpu) {
        reschedule(&cpus[vcpu->cpu]);
    }
    spin_unlock(&pool->lock);
}

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
    bool behind = other != NULL && other->runtime + slice() / GRAINS_PER_SLICE < previous->runtime;
    return other != NULL && (over || behind) ? other : previous;
}

static void unload(struct cpu *cpu)
{
    struct vcpu *v = cpu->loaded;
    uint64_t deadline;

    if (v == NULL) {
        return;
    }
    virq_unload(v);
    arch_vcpu_save(v);
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
    timer_cancel(&next->wake);
    arch_vcpu_load(next);
    virq_load(next);
    cpu->loaded = next;
    next->on_cpu = true;
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
        return;
    }
    load(cpu, next);
    next->state = VCPU_RUNNING;
    next->cpu = cpu->index;
    bool others = least_run(pool, cpu, next) != NULL;
    if (next != previous || cpu->slice_end == 0 || now >= cpu->slice_end) {
        next->slice_from = now;
        cpu->slice_end = others ? now + slice() : 0;
    } else if (!others) {
        cpu->slice_end = 0;
    }
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
        domain_restart_waiting();
        if (__atomic_load_n(&cpu->resched, __ATOMIC_RELAXED)) {
            continue;
        }
        if (cpu->current != NULL) {
            virq_sync(cpu->current);
            return;
        }
        arch_idle();
        irq_dispatch();
    }
}
