/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <string.h>

#include <xi/arch.h>
#include <xi/cpu.h>
#include <xi/domain.h>
#include <xi/gic.h>
#include <xi/irq.h>
#include <xi/mmio.h>
#include <xi/sched.h>
#include <xi/virq.h>
#include <xi/vtimer.h>

#include "sched_machine.h"
#include "test.h"

struct cpu cpus[XI_MAX_CPUS];
uint32_t cpu_count;

static struct vgic_irq spis[32];

struct sim sim;

static bool kicked[SIM_CPUS];
static jmp_buf idle;

struct cpu *this_cpu(void)
{
    return &cpus[sim.here];
}

struct vcpu *arch_current_vcpu(void)
{
    return cpus[sim.here].current;
}

uint64_t arch_counter(void)
{
    return sim.now;
}

uint32_t arch_counter_frequency(void)
{
    return sim.frequency;
}

uint64_t arch_vcpu_mpidr(uint32_t id)
{
    return id;
}

void arch_vcpu_reset(struct vcpu *vcpu, uint64_t entry, uint64_t context)
{
    (void)entry, (void)context;
    if (sim.stops_in_reset) {
        sched_stop(vcpu);
    }
}

void arch_vcpu_save(struct vcpu *vcpu)
{
    (void)vcpu;
}

void arch_vcpu_load(struct vcpu *vcpu)
{
    (void)vcpu;
    sim.loads++;
    sim.now += sim.load_ticks;
}

bool arch_vcpu_wake_deadline(const struct vcpu *vcpu, uint64_t *deadline)
{
    (void)vcpu, (void)deadline;
    return false;
}

/* Nobody to run: the CPU's code ends here until it is kicked. */
void arch_idle(void)
{
    longjmp(idle, 1);
}

/* Of the timer. */
void irq_dispatch(void)
{
    struct cpu *cpu = this_cpu();

    cpu->resched = cpu->resched || (cpu->slice_end != 0 && cpu->slice_end <= sim.now);
}

uint64_t domain_restart_needs(const struct domain *domain)
{
    (void)domain;
    return sim.longest_step;
}

void irq_assigned_enable(uint32_t intid, const struct vcpu *target) { (void)intid, (void)target; }
void irq_assigned_disable(uint32_t intid) { (void)intid; }
void irq_assigned_end(uint32_t intid) { (void)intid; }
void irq_assigned_reset(uint32_t intid) { (void)intid; }
void virq_load(struct vcpu *vcpu) { (void)vcpu; }
void virq_unload(struct vcpu *vcpu) { (void)vcpu; }

void virq_sync(struct vcpu *vcpu)
{
    vcpu->vgic.stale = false;
}

bool virq_pending(struct vcpu *vcpu)
{
    vcpu->vgic.stale = sim.arrives;
    return sim.pending;
}

void vtimer_reset(struct vcpu *vcpu) { (void)vcpu; }
void timer_program(void) {}
void timer_cancel(struct timer *timer) { (void)timer; }

void timer_arm(struct timer *timer, uint64_t deadline)
{
    (void)timer, (void)deadline;
}

void domain_restart_step(struct domain *d)
{
    EXPECT(this_cpu()->loaded == NULL && d->vcpus[0]->restarts);
    for (uint32_t i = 0; i < d->vcpu_count; i++) {
        EXPECT(!d->vcpus[i]->on_cpu);
    }
    if (sim.longest_step != 0) {
        sim.now += 1 + test_random(sim.longest_step);
        sim.steps++;
        return;
    }
    if (--sim.steps_left[d->id - 1] != 0) {
        longjmp(idle, 1); /* the tick is over */
    }
    sim.steps_left[d->id - 1] = SIM_RESTART_STEPS;
    sim.restarts++;
    sched_restarted(d);
    EXPECT(vcpu_on(d->vcpus[0], 0, 0) == XI_OK);
}

static void send_kick(const struct cpu *cpu)
{
    kicked[cpu->index] = true;
}

static const struct gic_ops fake = {.send_kick = send_kick};
const struct gic_ops *gic = &fake;

void sim_begin(uint32_t machine_cpus, uint32_t count)
{
    memset(cpus, 0, sizeof(cpus));
    memset(&sim, 0, sizeof(sim));
    memset(spis, 0, sizeof(spis));
    memset(kicked, 0, sizeof(kicked));
    sim.now = 1;
    sim.frequency = 1000;
    sim.config.weight = CONFIG_WEIGHT_DEFAULT;
    for (uint32_t i = 0; i < SIM_VCPUS; i++) {
        sim.steps_left[i] = SIM_RESTART_STEPS;
    }
    cpu_count = machine_cpus;
    sim.vcpu_count = count;
    sim.domain.id = 1;
    sim.domain.config = &sim.config;
    sim.domain.vcpus = sim.list;
    sim.domain.vcpu_count = count;
    sim.pool.vcpus = sim.list;
    sim.pool.vcpu_limit = count;
    for (uint32_t i = 0; i < machine_cpus; i++) {
        cpus[i].index = i;
        cpus[i].online = true;
        cpus[i].pool = &sim.pool;
        sim.pool.cpus[sim.pool.cpu_count++] = &cpus[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        sim.list[i] = &sim.vcpus[i];
        sim.vcpus[i].id = i;
        sim.vcpus[i].domain = &sim.domain;
        vgic_vcpu_init(&sim.vcpus[i]);
    }
    EXPECT(vgic_v3_init(&sim.domain, (ipa_t){SIM_GICD}, (ipa_t){SIM_GICR}, spis, 32) == XI_OK);
    for (uint32_t i = 0; i < count; i++) {
        sched_add_vcpu(&sim.pool, &sim.vcpus[i]);
    }
}

void sim_split_off(struct domain *own, const struct domain_config *config, uint32_t first, uint32_t count)
{
    memset(own, 0, sizeof(*own));
    own->id = (uint16_t)(sim.domain.id + first);
    own->config = config;
    own->vcpus = &sim.list[first];
    own->vcpu_count = count;
    own->pool = &sim.pool;
    for (uint32_t i = 0; i < count; i++) {
        sim.vcpus[first + i].id = i;
        sim.vcpus[first + i].domain = own;
    }
    sim.domain.vcpu_count = sim.domain.vcpu_count < first ? sim.domain.vcpu_count : first;
    EXPECT(vgic_v3_init(own, (ipa_t){SIM_GICD}, (ipa_t){SIM_GICR}, spis, 32) == XI_OK);
}

void sim_begin_apart(uint32_t machine_cpus, uint32_t count)
{
    sim_begin(machine_cpus, count);
    for (uint32_t i = 0; i < count; i++) {
        sim.configs[i] = (struct domain_config){.weight = CONFIG_WEIGHT_DEFAULT};
        sim_split_off(&sim.domains[i], &sim.configs[i], i, 1);
    }
}

void sim_seal(enum config_scheduler scheduler)
{
    EXPECT(sched_seal(&sim.pool, scheduler) == XI_OK);
}

void sim_begin_with(enum config_scheduler scheduler, uint32_t machine_cpus, uint32_t count)
{
    sim_begin(machine_cpus, count);
    sim_seal(scheduler);
}

void sim_enter(uint32_t cpu)
{
    sim.here = cpu;
    kicked[cpu] = false;
    if (setjmp(idle) == 0) {
        sched_run();
    }
}

static bool wants_in(const struct cpu *cpu)
{
    return kicked[cpu->index] || cpu->resched || (cpu->slice_end != 0 && cpu->slice_end <= sim.now);
}

void sim_settle(void)
{
    for (uint32_t rounds = 0; rounds < 100; rounds++) {
        bool quiet = true;
        for (uint32_t i = 0; i < cpu_count; i++) {
            if (wants_in(&cpus[i])) {
                cpus[i].resched = cpus[i].resched || (cpus[i].slice_end != 0 && cpus[i].slice_end <= sim.now);
                sim_enter(i);
                quiet = false;
            }
        }
        if (quiet) {
            return;
        }
    }
    EXPECT(!"the CPUs come to an end");
}

uint32_t sim_places_of(const struct vcpu *vcpu)
{
    uint32_t places = 0;

    for (uint32_t i = 0; i < cpu_count; i++) {
        places += cpus[i].current == vcpu ? 1 : 0;
    }
    return places;
}

static void check_and_count(uint64_t ticks)
{
    for (uint32_t i = 0; i < sim.vcpu_count; i++) {
        const struct vcpu *v = &sim.vcpus[i];
        EXPECT(sim_places_of(v) == (v->state == VCPU_RUNNING ? 1u : 0u));
        for (uint32_t c = 0; c < cpu_count; c++) {
            bool may_take = (v->affinity & 1u << c) != 0 && (!v->pinned || v->cpu == c);
            /* no CPU sleeps while somebody waits that it could run */
            EXPECT(sim.may_idle || cpus[c].current != NULL || v->state != VCPU_RUNNABLE || !may_take);
            EXPECT(cpus[c].current != v || may_take);
        }
        sim.work[i] += v->state == VCPU_RUNNING ? ticks : 0;
        sim.waited[i] = v->state == VCPU_RUNNABLE ? sim.waited[i] + ticks : 0;
        sim.longest_wait[i] = sim.waited[i] > sim.longest_wait[i] ? sim.waited[i] : sim.longest_wait[i];
    }
}

void sim_tick(void)
{
    sim_settle();
    check_and_count(1);
    sim.now++;
}

void sim_run(uint64_t ticks)
{
    const uint64_t end = sim.now + ticks;

    while (sim.now < end) {
        uint64_t next = end;
        if (sim.watch != NULL) {
            sim.watch();
        }
        sim_settle();
        for (uint32_t i = 0; i < cpu_count; i++) {
            next = cpus[i].slice_end > sim.now && cpus[i].slice_end < next ? cpus[i].slice_end : next;
        }
        check_and_count(next - sim.now);
        sim.now = next;
    }
}

void sim_start(uint32_t vcpu)
{
    EXPECT(vcpu_on(&sim.vcpus[vcpu], 0, 0) == XI_OK);
    sim_settle();
}
