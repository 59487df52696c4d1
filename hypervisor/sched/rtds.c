/* SPDX-License-Identifier: Apache-2.0 */
/* rtds: each vCPU is a server with a budget in each of its periods, the earliest deadline first. A budget outlasts a
 * sleep (it is deferrable), but not where the rest of the period is too short for it: whoever wakes then begins a new
 * period. Otherwise it could demand more than its share of the time up to its deadline, and others would miss theirs
 * (Abeni and Buttazzo 1998, the rule of the constant bandwidth server). Whoever has used up its budget waits for the
 * next period, even where CPUs idle. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/cpu.h>
#include <xi/domain.h>
#include <xi/reserve.h>

#include "pool.h"

#define US_PER_SECOND 1000000u

static uint32_t cpus_of(const struct cpupool *pool)
{
    uint32_t mask = 0;

    for (uint32_t i = 0; i < pool->cpu_count; i++) {
        mask |= 1u << pool->cpus[i]->index;
    }
    return mask;
}

static xi_err seal(struct cpupool *pool)
{
    const uint64_t frequency = arch_counter_frequency();
    struct reserve reserve = {.sum = 0};

    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        struct vcpu *v = pool->vcpus[i];
        const struct config_vcpu *c = &v->domain->config->vcpus[v->id];
        v->budget = c->budget * frequency / US_PER_SECOND;
        v->period = (c->period * frequency + US_PER_SECOND - 1) / US_PER_SECOND;
        reserve_add(&reserve, c->budget, c->period, v->affinity, cpus_of(pool));
    }
    return reserve_judge(&reserve, cpus_of(pool)) == RESERVE_FITS ? XI_OK : XI_ERR_NO_SPACE;
}

/* What is left over lapses with its period; what it ran beyond its budget, or its deadline, is owed. */
static int64_t owed(const struct vcpu *vcpu, uint64_t ran_beyond)
{
    return vcpu->left < -(int64_t)ran_beyond ? vcpu->left : -(int64_t)ran_beyond;
}

/* The period that its deadline ended is over, and maybe others after it: each has paid a budget. */
static void replenish(struct vcpu *vcpu, uint64_t now, uint64_t ran_beyond)
{
    const uint64_t periods = (now - vcpu->deadline) / vcpu->period + 1;
    const int64_t left = owed(vcpu, ran_beyond) + (int64_t)(periods * vcpu->budget);

    vcpu->deadline += periods * vcpu->period;
    vcpu->left = left < (int64_t)vcpu->budget ? left : (int64_t)vcpu->budget;
}

static bool can_run(const struct vcpu *vcpu, const struct cpu *cpu)
{
    return sched_waits_for(vcpu, cpu) && vcpu->left > 0;
}

/* Of those that this CPU may take; on a tie who ran. */
static struct vcpu *earliest(const struct cpupool *pool, const struct cpu *cpu, struct vcpu *previous)
{
    struct vcpu *best = previous != NULL && can_run(previous, cpu) ? previous : NULL;

    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        struct vcpu *v = pool->vcpus[i];
        if (can_run(v, cpu) && (best == NULL || v->deadline < best->deadline)) {
            best = v;
        }
    }
    return best;
}

/* The CPU that should run it: one that idles, its last one rather than another, or the one with the latest deadline.
 * NULL where all have earlier ones. `except`: has
 * chosen another one already. */
static struct cpu *cpu_for(const struct cpupool *pool, const struct vcpu *vcpu, const struct cpu *except)
{
    struct cpu *best = NULL;

    for (uint32_t i = 0; i < pool->cpu_count; i++) {
        struct cpu *c = pool->cpus[i];
        bool elsewhere = vcpu->on_cpu && vcpu->cpu != c->index && (except == NULL || vcpu->cpu != except->index);
        if (c == except || (vcpu->affinity & 1u << c->index) == 0 || elsewhere) {
            continue;
        }
        if (c->current == NULL) {
            if (best == NULL || best->current != NULL || c->index == vcpu->cpu) {
                best = c;
            }
        } else if (c->current->deadline > vcpu->deadline &&
                   (best == NULL || (best->current != NULL && c->current->deadline > best->current->deadline))) {
            best = c;
        }
    }
    return best;
}

/* Whoever lost this CPU, or got its budget back, may belong on another one. */
static void spread(const struct cpupool *pool, const struct cpu *cpu, const struct vcpu *next)
{
    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        const struct vcpu *v = pool->vcpus[i];
        if (v == next || v->state != VCPU_RUNNABLE || v->left <= 0) {
            continue;
        }
        struct cpu *other = cpu_for(pool, v, cpu);
        if (other != NULL) {
            sched_look_again(other);
        }
    }
}

static struct vcpu *choose(struct cpupool *pool, struct cpu *cpu, struct vcpu *previous, uint64_t now,
                           uint64_t *until)
{
    uint64_t look = UINT64_MAX;

    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        struct vcpu *v = pool->vcpus[i];
        if (v->state == VCPU_RUNNABLE && v->deadline <= now) {
            replenish(v, now, v == previous ? now - v->deadline : 0);
        }
        if (v->state == VCPU_RUNNABLE && v->left <= 0 && v->deadline < look) {
            look = v->deadline;
        }
    }
    struct vcpu *next = earliest(pool, cpu, previous);
    if (next != NULL) {
        uint64_t spent = now + (uint64_t)next->left;
        look = spent < look ? spent : look;
        look = next->deadline < look ? next->deadline : look;
    }
    *until = look == UINT64_MAX ? 0 : look;
    spread(pool, cpu, next);
    return next;
}

static void wake(struct cpupool *pool, struct vcpu *vcpu, uint64_t now)
{
    /* budget / period of the time that is left */
    bool too_much = vcpu->deadline > now && vcpu->left > 0 &&
                    (uint64_t)vcpu->left * vcpu->period > (vcpu->deadline - now) * vcpu->budget;

    if (vcpu->deadline <= now) {
        replenish(vcpu, now, 0);
        vcpu->deadline = now + vcpu->period;
    } else if (too_much) {
        vcpu->deadline = now + vcpu->period;
        vcpu->left = (int64_t)vcpu->budget;
    }
    struct cpu *cpu = vcpu->left > 0 ? cpu_for(pool, vcpu, NULL) : NULL;
    /* Where nobody runs it now, somebody must know when to look. */
    sched_look_again(cpu == NULL ? &cpus[vcpu->cpu] : cpu);
}

const struct sched_policy sched_rtds = {.name = "rtds", .seal = seal, .choose = choose, .wake = wake};
