/* SPDX-License-Identifier: Apache-2.0 */
/* credit2's caps: a domain's time in each period of 50 ms, on however many CPUs at once. Who uses it up waits for the
 * next period; what it ran beyond is taken from that one, so that the mean is exact. */
#include <stddef.h>
#include <stdint.h>

#include <xi/cpu.h>
#include <xi/domain.h>

#include "cap.h"
#include "pool.h"

#define SLICES_PER_PERIOD 5u
#define PERCENT 100u

static uint64_t period(void)
{
    return SLICES_PER_PERIOD * sched_slice();
}

void sched_cap_init(struct domain *domain)
{
    domain->cap.amount = period() * domain->config->cap / PERCENT;
}

static void refill(struct sched_cap *cap, uint64_t now)
{
    if (cap->next > now) {
        return;
    }
    uint64_t periods = (now - cap->next) / period() + 1;
    int64_t left = cap->left + (int64_t)(periods * cap->amount);
    cap->left = left < (int64_t)cap->amount ? left : (int64_t)cap->amount;
    cap->next += periods * period();
}

void sched_cap_settle(struct cpupool *pool, uint64_t now)
{
    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        if (pool->vcpus[i]->domain->cap.amount != 0 && pool->vcpus[i]->state == VCPU_RUNNING) {
            sched_charge(pool->vcpus[i], now);
        }
    }
    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        if (pool->vcpus[i]->domain->cap.amount != 0) {
            refill(&pool->vcpus[i]->domain->cap, now);
        }
    }
}

bool sched_cap_allows(const struct vcpu *vcpu)
{
    return vcpu->domain->cap.amount == 0 || vcpu->domain->cap.left > 0;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a != 0 && a < b ? a : b; /* a: 0 for never */
}

uint64_t sched_cap_until(const struct cpupool *pool, const struct cpu *cpu, const struct vcpu *next, bool fresh,
                         uint64_t now, uint64_t until)
{
    uint64_t running = 1;

    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        const struct vcpu *v = pool->vcpus[i];
        if (v->domain->cap.amount != 0 && v->state == VCPU_RUNNABLE && v != next && !sched_cap_allows(v)) {
            until = earlier(until, v->domain->cap.next);
        }
        if (next == NULL || next->domain->cap.amount == 0 || v->domain != next->domain || v == next ||
            v->state != VCPU_RUNNING || v->cpu == cpu->index) {
            continue;
        }
        running++; /* what is left goes faster from now on */
        if (fresh) {
            sched_look_again(&cpus[v->cpu]);
        }
    }
    if (next != NULL && next->domain->cap.amount != 0) {
        until = earlier(until, now + ((uint64_t)next->domain->cap.left + running - 1) / running);
        until = earlier(until, next->domain->cap.next); /* what is left of this period is not for the next one */
    }
    return until;
}
