/* SPDX-License-Identifier: Apache-2.0 */
/* credit2: fair. Who has run least for its weight runs next, for one slice at most while others wait. Who yields lets
 * all others run first. Where a pool has a CPU for each vCPU, each keeps its own. */
#include <stddef.h>
#include <stdint.h>

#include <xi/cpu.h>
#include <xi/domain.h>

#include "cap.h"
#include "pool.h"

#define GRAINS_PER_SLICE 10u /* a lead of a tenth of a slice is not worth a switch */
#define STAYS_PER_SLICE 20u  /* 500 us: a switch, which both sides pay for, is little against it */

/* Runtimes are compared by their difference: a counter may wrap. */
static bool less(uint64_t a, uint64_t b)
{
    return (int64_t)(a - b) < 0;
}

static xi_err seal(struct cpupool *pool)
{
    (void)sched_pin(pool); /* as well as it can */
    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        pool->vcpus[i]->weight = pool->vcpus[i]->domain->config->weight;
        sched_cap_init(pool->vcpus[i]->domain);
    }
    return XI_OK;
}

/* Whether `a` runs before `b`: one that yielded comes behind all that did not, even if it has run less. */
static bool precedes(const struct vcpu *a, const struct vcpu *b)
{
    return a->gave_way != b->gave_way ? b->gave_way : less(a->runtime, b->runtime);
}

/* The first of the runnable vCPUs, of those that this CPU may take. */
static struct vcpu *first_in_line(const struct cpupool *pool, const struct cpu *cpu, const struct vcpu *except)
{
    struct vcpu *best = NULL;

    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        struct vcpu *v = pool->vcpus[i];
        if (v != except && sched_waits_for(v, cpu) && sched_cap_allows(v) &&
            (best == NULL || precedes(v, best))) {
            best = v;
        }
    }
    return best;
}

/* What a slice adds to its account. */
static uint64_t slice_of(const struct vcpu *vcpu)
{
    return sched_weighed(vcpu, sched_slice());
}

/* Who did not want to run may come back a little ahead of another one that has run so much, but not with all the time
 * that it gave up. */
static void come_back(struct vcpu *vcpu, uint64_t runtime)
{
    if (less(vcpu->runtime, runtime - slice_of(vcpu))) {
        vcpu->runtime = runtime - slice_of(vcpu);
    }
}

/* Keeps the vCPU that runs while its slice lasts and nobody is clearly behind it, and beyond while it is the last. */
static struct vcpu *fairest(const struct cpu *cpu, struct vcpu *previous, struct vcpu *other, uint64_t now)
{
    if (previous == NULL || previous->state != VCPU_RUNNABLE || !sched_cap_allows(previous)) {
        return other;
    }
    if (other == NULL || cpu->slice_end == SCHED_YIELDED) {
        return other == NULL ? previous : other;
    }
    bool over = cpu->turn_end != 0 && now >= cpu->turn_end;
    uint64_t lead = over ? 0 : slice_of(previous) / GRAINS_PER_SLICE;
    return less(other->runtime + lead, previous->runtime) ? other : previous;
}

/* Whoever came to a CPU stays for a while, also where somebody wakes that is far behind: else who sleeps and wakes
 * without end would fill the time of others with switches. */
static bool stays(const struct cpu *cpu, const struct vcpu *previous, uint64_t now)
{
    return previous != NULL && previous->state == VCPU_RUNNABLE && sched_cap_allows(previous) &&
           cpu->slice_end != SCHED_YIELDED && now - cpu->turn_from < sched_slice() / STAYS_PER_SLICE;
}

/* No more than two slices of another one behind it: whose weight is worth more than a whole CPU would fall back for
 * ever, and once more of its kind come, they would keep the others from running until they have caught up. */
static void keep_up(struct vcpu *vcpu, const struct vcpu *other)
{
    uint64_t least = other->runtime - 2 * slice_of(other);

    if (less(vcpu->runtime, least)) {
        vcpu->runtime = least;
    }
}

/* Who yields comes behind all others until one of them has had a turn that did not end in a yield as well. Those
 * whom `next` passes by do not save what they give up to it. */
static void note_turn(const struct cpupool *pool, const struct cpu *cpu, struct vcpu *previous, struct vcpu *next)
{
    if (previous == NULL || next == NULL || next == previous) {
        return;
    }
    bool yields = previous->state == VCPU_RUNNABLE && cpu->slice_end == SCHED_YIELDED;
    previous->gave_way = yields;
    next->gave_way = false;
    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        struct vcpu *v = pool->vcpus[i];
        v->gave_way = v->gave_way && yields;
        if (v->gave_way) {
            come_back(v, next->runtime);
        }
    }
}

/* Two that woke one after the other may both have been sent to the same CPU. */
static void send_to_idle(const struct cpupool *pool, const struct cpu *cpu, const struct vcpu *next)
{
    for (uint32_t i = 0; i < pool->cpu_count; i++) {
        struct cpu *idle = pool->cpus[i];
        for (uint32_t v = 0; idle != cpu && idle->current == NULL && v < pool->vcpu_count; v++) {
            const struct vcpu *waits = pool->vcpus[v];
            if (waits != next && waits->state == VCPU_RUNNABLE && !waits->pinned &&
                (waits->affinity & 1u << idle->index) != 0) {
                sched_look_again(idle);
                return;
            }
        }
    }
}

static struct vcpu *choose(struct cpupool *pool, struct cpu *cpu, struct vcpu *previous, uint64_t now,
                           uint64_t *until)
{
    sched_cap_settle(pool, now);
    struct vcpu *next = fairest(cpu, previous, first_in_line(pool, cpu, previous), now);
    const bool waits = next != previous && stays(cpu, previous, now);
    next = waits ? previous : next;
    if (next != previous) {
        cpu->turn_from = now;
    }
    note_turn(pool, cpu, previous, next);
    struct vcpu *other = next == NULL ? NULL : first_in_line(pool, cpu, next);
    bool goes_on = next == previous && cpu->turn_end != 0 && now < cpu->turn_end;

    if (other == NULL) {
        cpu->turn_end = 0;
    } else {
        cpu->turn_end = goes_on ? cpu->turn_end : now + sched_slice();
        keep_up(next, other);
        send_to_idle(pool, cpu, next);
    }
    uint64_t end = waits ? cpu->turn_from + sched_slice() / STAYS_PER_SLICE : cpu->turn_end;
    *until = sched_cap_until(pool, cpu, next, next != previous, now, end);
    return next;
}

/* Who just came back may be the one that has run least: others do not come back a slice ahead of that as well. */
static void forgive_sleep(struct cpupool *pool, struct vcpu *woken, uint64_t now)
{
    const struct vcpu *least = NULL;

    for (uint32_t i = 0; i < pool->vcpu_count; i++) {
        const struct vcpu *v = pool->vcpus[i];
        if (v != woken && (v->state == VCPU_RUNNING || v->state == VCPU_RUNNABLE) &&
            (least == NULL || less(sched_runtime(v, now), sched_runtime(least, now)))) {
            least = v;
        }
    }
    if (least != NULL && less(pool->floor, sched_runtime(least, now))) {
        pool->floor = sched_runtime(least, now);
    }
    come_back(woken, pool->floor);
}

/* Where a vCPU that just became runnable should be looked at: its own CPU, else one that idles, else
 * the one whose vCPU has run most. */
static struct cpu *cpu_for(const struct cpupool *pool, const struct vcpu *vcpu, uint64_t now)
{
    struct cpu *busiest = &cpus[vcpu->cpu];

    if (vcpu->pinned || vcpu->on_cpu || busiest->current == NULL) {
        return busiest;
    }
    for (uint32_t i = 0; i < pool->cpu_count; i++) {
        struct cpu *c = pool->cpus[i];
        if ((vcpu->affinity & 1u << c->index) == 0) {
            continue;
        }
        if (c->current == NULL) {
            return c;
        }
        if (less(sched_runtime(busiest->current, now), sched_runtime(c->current, now))) {
            busiest = c;
        }
    }
    return busiest;
}

static void wake(struct cpupool *pool, struct vcpu *vcpu, uint64_t now)
{
    struct cpu *first = cpu_for(pool, vcpu, now);

    forgive_sleep(pool, vcpu, now);
    sched_look_again(first);
    /* A CPU that saw nobody wait gave its vCPU no end of slice. Somebody may wait now, and all CPUs of the
     * pool owe a share of that. */
    for (uint32_t i = 0; first->current != NULL && !vcpu->pinned && i < pool->cpu_count; i++) {
        struct cpu *other = pool->cpus[i];
        if (other != first && other->current != NULL && other->turn_end == 0) {
            sched_look_again(other);
        }
    }
}

const struct sched_policy sched_credit2 = {.name = "credit2", .seal = seal, .choose = choose, .wake = wake};
