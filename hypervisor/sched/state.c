/* SPDX-License-Identifier: Apache-2.0 */
/* What happens to a vCPU: it is woken, sleeps, goes on and off. Each function takes the pool's lock; the
 * CPU that must act on it looks for itself (run.c). */
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

static const struct sched_policy *const policies[] = {
    [CONFIG_SCHED_NULL] = &sched_null,
    [CONFIG_SCHED_CREDIT2] = &sched_credit2,
    [CONFIG_SCHED_RTDS] = &sched_rtds,
    [CONFIG_SCHED_ARINC653] = &sched_arinc653,
};

xi_err sched_seal(struct cpupool *pool, enum config_scheduler scheduler)
{
    uint32_t all = 0;

    for (uint32_t c = 0; c < pool->cpu_count; c++) {
        all |= 1u << pool->cpus[c]->index;
    }
    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        struct vcpu *v = pool->vcpus[i];
        v->affinity = v->affinity == 0 ? all : v->affinity & all;
        v->cpu = pool->cpus[i % pool->cpu_count]->index;
        for (uint32_t c = 0; c < pool->cpu_count && (v->affinity & 1u << v->cpu) == 0; c++) {
            v->cpu = pool->cpus[c]->index;
        }
        v->weight = CONFIG_WEIGHT_DEFAULT;
        if (v->affinity == 0) {
            return XI_ERR_NO_SPACE;
        }
    }
    pool->policy = policies[scheduler];
    return pool->policy->seal(pool);
}

const char *sched_name(const struct cpupool *pool)
{
    return pool->policy->name;
}

uint64_t sched_weighed(const struct vcpu *vcpu, uint64_t ticks)
{
    return ticks * CONFIG_WEIGHT_DEFAULT / vcpu->weight;
}

uint64_t sched_runtime(const struct vcpu *vcpu, uint64_t now)
{
    return vcpu->state == VCPU_RUNNING ? vcpu->runtime + sched_weighed(vcpu, now - vcpu->slice_from) : vcpu->runtime;
}

void sched_charge(struct vcpu *vcpu, uint64_t now)
{
    uint64_t ran = now - vcpu->slice_from;
    uint64_t weighed = ran * CONFIG_WEIGHT_DEFAULT + vcpu->remainder; /* nothing gets lost, in however small pieces */

    vcpu->runtime += weighed / vcpu->weight;
    vcpu->remainder = (uint32_t)(weighed % vcpu->weight);
    vcpu->domain->cap.left -= (int64_t)ran;
    vcpu->left -= (int64_t)ran;
    vcpu->slice_from = now;
}

bool sched_waits_for(const struct vcpu *vcpu, const struct cpu *cpu)
{
    bool elsewhere = (vcpu->pinned || vcpu->on_cpu) && vcpu->cpu != cpu->index;

    return vcpu->state == VCPU_RUNNABLE && !elsewhere && (vcpu->affinity & 1u << cpu->index) != 0;
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
    pool->policy->wake(pool, vcpu, arch_counter());
    vcpu->state = VCPU_RUNNABLE;
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
    if (vcpu->pinned) {
        return; /* nobody else may run here */
    }
    this_cpu()->slice_end = SCHED_YIELDED;
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
