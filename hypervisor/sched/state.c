/* SPDX-License-Identifier: Apache-2.0 */
/* What happens to a vCPU: it is woken, sleeps, goes on and off. Each function takes the pool's lock; the
 * CPU that must act on it looks for itself (fair.c). */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/check.h>
#include <xi/domain.h>
#include <xi/gic.h>
#include <xi/sched.h>
#include <xi/vgic.h>
#include <xi/virq.h>
#include <xi/vtimer.h>

#include "pool.h"

#define SLICES_PER_SECOND 100u

uint64_t sched_slice(void)
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

uint64_t sched_runtime(const struct vcpu *vcpu, uint64_t now)
{
    return vcpu->state == VCPU_RUNNING ? vcpu->runtime + (now - vcpu->slice_from) : vcpu->runtime;
}

/* A sleeper may come back a little ahead of the others, but not with all the time that it slept. */
static void forgive_sleep(struct cpupool *pool, struct vcpu *woken, uint64_t now)
{
    uint64_t least = UINT64_MAX;

    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        const struct vcpu *v = pool->vcpus[i];
        if (v != woken && (v->state == VCPU_RUNNING || v->state == VCPU_RUNNABLE) && sched_runtime(v, now) < least) {
            least = sched_runtime(v, now);
        }
    }
    if (least != UINT64_MAX && least > sched_slice() && woken->runtime < least - sched_slice()) {
        woken->runtime = least - sched_slice();
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
        if (sched_runtime(c->current, now) > most) {
            most = sched_runtime(c->current, now);
            busiest = c;
        }
    }
    return busiest;
}

void sched_look_again(struct cpu *cpu)
{
    __atomic_store_n(&cpu->resched, true, __ATOMIC_RELEASE);
    if (cpu != this_cpu()) {
        gic->send_kick(cpu);
    }
}

void sched_make_runnable(struct cpupool *pool, struct vcpu *vcpu)
{
    uint64_t now = arch_counter();
    struct cpu *first = cpu_for(pool, vcpu, now);

    forgive_sleep(pool, vcpu, now);
    vcpu->state = VCPU_RUNNABLE;
    sched_look_again(first);
    /* A CPU that saw nobody wait gave its vCPU no end of slice. Somebody may wait now, and all CPUs of the
     * pool owe a share of that. */
    for (uint32_t i = 0; first->current != NULL && !vcpu->pinned && i < pool->cpu_count; i++) {
        struct cpu *other = pool->cpus[i];
        if (other != first && other->current != NULL && other->slice_end == 0) {
            sched_look_again(other);
        }
    }
}

void vcpu_kick(struct vcpu *vcpu)
{
    struct cpupool *pool = vcpu->domain->pool;

    spin_lock(&pool->lock);
    if (vcpu->state == VCPU_BLOCKED) {
        sched_make_runnable(pool, vcpu);
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

/* Whoever claims it resets it, alone: the reset may kick others, which takes the pool's lock. */
static bool claim(struct vcpu *vcpu)
{
    struct cpupool *pool = vcpu->domain->pool;

    spin_lock(&pool->lock);
    bool free = !vcpu_is_on(vcpu) && !__atomic_load_n(&vcpu->domain->dying, __ATOMIC_ACQUIRE);
    if (free) {
        vcpu->state = VCPU_STARTING;
    }
    spin_unlock(&pool->lock);
    return free;
}

xi_err vcpu_on(struct vcpu *vcpu, uint64_t entry, uint64_t context)
{
    struct cpupool *pool = vcpu->domain->pool;

    if (!claim(vcpu)) {
        return XI_ERR_BUSY;
    }
    vtimer_reset(vcpu);
    vgic_vcpu_reset(vcpu);
    arch_vcpu_reset(vcpu, entry, context);
    spin_lock(&pool->lock);
    if (vcpu->state == VCPU_STARTING) { /* the domain was not stopped meanwhile */
        sched_make_runnable(pool, vcpu);
    }
    spin_unlock(&pool->lock);
    return XI_OK;
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
        sched_look_again(&cpus[vcpu->cpu]);
    }
    spin_unlock(&pool->lock);
}
