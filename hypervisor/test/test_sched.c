/* SPDX-License-Identifier: Apache-2.0 */
/* The scheduler in simulated time: CPUs that are numbers, vCPUs that work, sleep and are woken at random. */
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

#include "test.h"

enum { CPUS = 4, VCPUS = 8 };

#define TICKS_PER_SECOND 1000u /* a tick of the simulation is a millisecond */
#define GICD 0x03001000u
#define GICR 0x03020000u

struct cpu cpus[XI_MAX_CPUS];
uint32_t cpu_count;

static uint64_t now;
static uint32_t here; /* the CPU whose code runs */
static bool kicked[CPUS];
static jmp_buf idle;

static struct cpupool pool;
static struct domain domain;
static struct vcpu vcpus[VCPUS], *list[VCPUS];
static struct vgic_irq spis[32];
static uint64_t work[VCPUS], waited[VCPUS], longest_wait[VCPUS];
static uint32_t loads; /* of registers */

struct cpu *this_cpu(void)
{
    return &cpus[here];
}

struct vcpu *arch_current_vcpu(void)
{
    return cpus[here].current;
}

uint64_t arch_counter(void)
{
    return now;
}

uint32_t arch_counter_frequency(void)
{
    return TICKS_PER_SECOND;
}

uint64_t arch_vcpu_mpidr(uint32_t id)
{
    return id;
}

static bool stops_in_reset; /* its domain ends while a vCPU is being reset */

void arch_vcpu_reset(struct vcpu *vcpu, uint64_t entry, uint64_t context)
{
    (void)entry, (void)context;
    if (stops_in_reset) {
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
    loads++;
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

void irq_dispatch(void) {}
void virq_load(struct vcpu *vcpu) { (void)vcpu; }
void virq_unload(struct vcpu *vcpu) { (void)vcpu; }

void virq_sync(struct vcpu *vcpu)
{
    vcpu->vgic.stale = false;
}

bool virq_pending(struct vcpu *vcpu)
{
    vcpu->vgic.stale = false;
    return false;
}

void vtimer_reset(struct vcpu *vcpu) { (void)vcpu; }
void timer_program(void) {}
void timer_cancel(struct timer *timer) { (void)timer; }

void timer_arm(struct timer *timer, uint64_t deadline)
{
    (void)timer, (void)deadline;
}

/* Making a domain again: so many steps, one each tick. */
enum { RESTART_STEPS = 20 };
static uint32_t steps_left, restarts;

void domain_restart_step(struct domain *d)
{
    EXPECT(this_cpu()->loaded == NULL && pool.restarting == d);
    for (uint32_t i = 0; i < d->vcpu_count; i++) {
        EXPECT(!d->vcpus[i]->on_cpu);
    }
    if (--steps_left != 0) {
        longjmp(idle, 1); /* the tick is over */
    }
    steps_left = RESTART_STEPS;
    restarts++;
    sched_restarted(d);
    EXPECT(vcpu_on(d->vcpus[0], 0, 0) == XI_OK);
}

static void send_kick(const struct cpu *cpu)
{
    kicked[cpu->index] = true;
}

static const struct gic_ops fake = {.send_kick = send_kick};
const struct gic_ops *gic = &fake;

static void begin(uint32_t machine_cpus, uint32_t count)
{
    memset(cpus, 0, sizeof(cpus));
    memset(&pool, 0, sizeof(pool));
    memset(&domain, 0, sizeof(domain));
    memset(vcpus, 0, sizeof(vcpus));
    memset(spis, 0, sizeof(spis));
    memset(work, 0, sizeof(work));
    memset(waited, 0, sizeof(waited));
    memset(longest_wait, 0, sizeof(longest_wait));
    memset(kicked, 0, sizeof(kicked));
    now = 1;
    here = 0;
    loads = 0;
    cpu_count = machine_cpus;
    domain.id = 1;
    domain.vcpus = list;
    domain.vcpu_count = count;
    pool.vcpus = list;
    pool.vcpu_limit = count;
    for (uint32_t i = 0; i < machine_cpus; i++) {
        cpus[i].index = i;
        cpus[i].online = true;
        cpus[i].pool = &pool;
        pool.cpus[pool.cpu_count++] = &cpus[i];
    }
    for (uint32_t i = 0; i < count; i++) {
        list[i] = &vcpus[i];
        vcpus[i].id = i;
        vcpus[i].domain = &domain;
        vgic_vcpu_init(&vcpus[i]);
    }
    EXPECT(vgic_v3_init(&domain, (ipa_t){GICD}, (ipa_t){GICR}, spis, 32) == XI_OK);
    for (uint32_t i = 0; i < count; i++) {
        sched_add_vcpu(&pool, &vcpus[i]);
    }
    sched_seal(&pool);
}

/* A trap, or the end of a sleep, on that CPU. */
static void enter(uint32_t cpu)
{
    here = cpu;
    kicked[cpu] = false;
    if (setjmp(idle) == 0) {
        sched_run();
    }
}

static bool wants_in(const struct cpu *cpu)
{
    return kicked[cpu->index] || cpu->resched || (cpu->slice_end != 0 && cpu->slice_end <= now);
}

/* Until every CPU has done what it was told to do. */
static void settle(void)
{
    for (uint32_t rounds = 0; rounds < 100; rounds++) {
        bool quiet = true;
        for (uint32_t i = 0; i < cpu_count; i++) {
            if (wants_in(&cpus[i])) {
                cpus[i].resched = cpus[i].resched || (cpus[i].slice_end != 0 && cpus[i].slice_end <= now);
                enter(i);
                quiet = false;
            }
        }
        if (quiet) {
            return;
        }
    }
    EXPECT(!"the CPUs come to an end");
}

static uint32_t places_of(const struct vcpu *vcpu)
{
    uint32_t places = 0;

    for (uint32_t i = 0; i < cpu_count; i++) {
        places += cpus[i].current == vcpu ? 1 : 0;
    }
    return places;
}

static void check_and_count(uint32_t count)
{
    bool idles = false;

    for (uint32_t i = 0; i < cpu_count; i++) {
        idles = idles || cpus[i].current == NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct vcpu *v = &vcpus[i];
        EXPECT(places_of(v) == (v->state == VCPU_RUNNING ? 1u : 0u));
        EXPECT(!(idles && v->state == VCPU_RUNNABLE)); /* no CPU sleeps while somebody waits */
        if (v->state == VCPU_RUNNING) {
            work[i]++;
        }
        waited[i] = v->state == VCPU_RUNNABLE ? waited[i] + 1 : 0;
        longest_wait[i] = waited[i] > longest_wait[i] ? waited[i] : longest_wait[i];
    }
}

static void tick(uint32_t count)
{
    settle();
    check_and_count(count);
    now++;
}

static void start(uint32_t vcpu)
{
    EXPECT(vcpu_on(&vcpus[vcpu], 0, 0) == XI_OK);
    settle();
}

static bool is_fair(uint32_t vcpu, uint64_t ticks, uint32_t count)
{
    uint64_t fair = ticks * cpu_count / count;

    return work[vcpu] * 100 > fair * 97 && work[vcpu] * 100 < fair * 103;
}

TEST(shares_the_cpus_whatever_the_order_of_starts)
{
    for (uint32_t round = 0; round < 200; round++) {
        uint32_t machine_cpus = 1 + (uint32_t)test_random(CPUS);
        uint32_t count = machine_cpus + 1 + (uint32_t)test_random(VCPUS - machine_cpus);
        begin(machine_cpus, count);
        for (uint32_t i = 0; i < count; i++) {
            here = (uint32_t)test_random(machine_cpus);
            start(i);
            for (uint64_t pause = test_random(50); pause > 0; pause--) {
                tick(i + 1);
            }
        }
        memset(work, 0, sizeof(work));
        for (uint32_t i = 0; i < 5000; i++) {
            tick(count);
        }
        for (uint32_t i = 0; i < count; i++) {
            EXPECT(is_fair(i, 5000, count));
            EXPECT(longest_wait[i] <= 100 * VCPUS);
        }
    }
}

TEST(leaves_each_vcpu_on_its_own_cpu_where_there_is_one)
{
    begin(4, 4);
    for (uint32_t i = 0; i < 4; i++) {
        start(i);
    }
    uint32_t before = loads;
    for (uint32_t i = 0; i < 10000; i++) {
        uint32_t v = (uint32_t)test_random(4);
        here = vcpus[v].cpu;
        if (vcpus[v].state == VCPU_RUNNING && test_random(3) == 0) {
            vcpu_block(&vcpus[v]);
        } else {
            here = (uint32_t)test_random(4);
            vcpu_kick(&vcpus[v]);
        }
        tick(4);
    }
    EXPECT(loads == before); /* their registers never left the machine */
}

TEST(wakes_sleepers_soon_and_lets_nobody_starve)
{
    for (uint32_t round = 0; round < 50; round++) {
        begin(2, 6);
        for (uint32_t i = 0; i < 6; i++) {
            start(i);
        }
        /* The last two always work; the others sleep and are woken. */
        for (uint32_t i = 0; i < 5000; i++) {
            uint32_t v = (uint32_t)test_random(4);
            here = vcpus[v].cpu;
            if (vcpus[v].state == VCPU_RUNNING && test_random(2) == 0) {
                vcpu_block(&vcpus[v]);
            } else if (vcpus[v].state == VCPU_BLOCKED && test_random(4) == 0) {
                here = (uint32_t)test_random(2);
                vcpu_kick(&vcpus[v]);
            }
            tick(6);
        }
        for (uint32_t i = 0; i < 6; i++) {
            EXPECT(longest_wait[i] < 200);
        }
        EXPECT(work[4] * 10 >= 5000 * 3 && work[5] * 10 >= 5000 * 3); /* a third of a CPU is everybody's due */
    }
}

TEST(stops_a_vcpu_wherever_it_is_and_starts_it_again)
{
    begin(2, 4);
    for (uint32_t i = 0; i < 4; i++) {
        start(i);
    }
    for (uint32_t i = 0; i < 5000; i++) {
        uint32_t v = (uint32_t)test_random(4);
        here = (uint32_t)test_random(2);
        if (vcpu_is_on(&vcpus[v])) {
            sched_stop(&vcpus[v]);
            settle();
            EXPECT(!vcpu_is_on(&vcpus[v]) && places_of(&vcpus[v]) == 0);
        } else {
            EXPECT(vcpu_on(&vcpus[v], 0, 0) == XI_OK);
            EXPECT(vcpu_on(&vcpus[v], 0, 0) == XI_ERR_BUSY);
        }
        tick(4);
    }
}

TEST(does_not_start_what_is_stopped_while_it_is_reset)
{
    begin(2, 3);
    start(0);
    stops_in_reset = true;
    EXPECT(vcpu_on(&vcpus[1], 0, 0) == XI_OK);
    stops_in_reset = false;
    settle();
    EXPECT(!vcpu_is_on(&vcpus[1]) && places_of(&vcpus[1]) == 0);
}

static void device_write(uint64_t ipa, uint32_t size, uint64_t value)
{
    struct mmio_access access = {.ipa = {ipa}, .size = (uint8_t)size, .write = true, .value = value};

    EXPECT(mmio_dispatch(&vcpus[0], &access));
}

/* Locks of the host's tests end the program when they are taken twice. */
TEST(resets_a_starting_vcpu_whose_interrupts_wake_another)
{
    enum { SPI = 40, CTLR = 0, ISENABLER = 0x104, ISPENDR = 0x204, ISACTIVER = 0x304, IROUTER = 0x6000 + 8 * SPI };

    begin(4, 3);
    start(0);
    start(2);
    here = vcpus[2].cpu;
    vcpu_block(&vcpus[2]);
    settle();
    here = vcpus[0].cpu;
    device_write(GICD + CTLR, 4, 3);
    device_write(GICD + ISENABLER, 4, 1u << (SPI - 32));
    device_write(GICD + IROUTER, 8, 1);
    device_write(GICD + ISACTIVER, 4, 1u << (SPI - 32));
    device_write(GICD + ISPENDR, 4, 1u << (SPI - 32));
    device_write(GICD + IROUTER, 8, 2);
    EXPECT(vcpus[2].state == VCPU_BLOCKED);
    EXPECT(vcpu_on(&vcpus[1], 0, 0) == XI_OK);
    EXPECT(vcpus[2].state != VCPU_BLOCKED);
    tick(3);
}

/* vCPUs from `first` on belong to a domain of their own. */
static void split_off(struct domain *own, uint32_t first, uint32_t count)
{
    memset(own, 0, sizeof(*own));
    own->id = (uint16_t)(domain.id + first);
    own->vcpus = &list[first];
    own->vcpu_count = count;
    own->pool = &pool;
    for (uint32_t i = 0; i < count; i++) {
        vcpus[first + i].id = i;
        vcpus[first + i].domain = own;
    }
    domain.vcpu_count = domain.vcpu_count < first ? domain.vcpu_count : first;
    EXPECT(vgic_v3_init(own, (ipa_t){GICD}, (ipa_t){GICR}, spis, 32) == XI_OK);
}

/* The domain's own reset, by its first vCPU. */
static void reset(struct domain *own)
{
    here = own->vcpus[0]->cpu;
    for (uint32_t i = 0; i < own->vcpu_count; i++) {
        sched_stop(own->vcpus[i]);
    }
    sched_restart(own);
    settle();
}

static void work_on_restarts(void)
{
    for (uint32_t i = 0; i < cpu_count; i++) {
        if (cpus[i].current != NULL && cpus[i].current->restarts) {
            enter(i);
        }
    }
}

TEST(makes_a_domain_that_resets_for_ever_in_its_own_time)
{
    static struct domain resetter;

    begin(1, 2);
    split_off(&resetter, 1, 1);
    steps_left = RESTART_STEPS;
    restarts = 0;
    start(0);
    start(1);
    for (uint32_t i = 0; i < 5000; i++) {
        if (vcpus[1].state == VCPU_RUNNING && !vcpus[1].restarts) {
            reset(&resetter);
        }
        tick(2);
        work_on_restarts();
    }
    EXPECT(is_fair(0, 5000, 2));
    EXPECT(longest_wait[0] < 2 * TICKS_PER_SECOND / 100);
    EXPECT(restarts > 5000 / 2 / RESTART_STEPS * 9 / 10);
}

TEST(makes_each_domain_again_once_all_its_vcpus_have_left)
{
    static struct domain owns[2];

    for (uint32_t round = 0; round < 20; round++) {
        begin(1 + round % CPUS, 7);
        split_off(&owns[0], 1, 3);
        split_off(&owns[1], 4, 3);
        steps_left = RESTART_STEPS;
        restarts = 0;
        for (uint32_t i = 0; i < 7; i++) {
            start(i);
        }
        uint32_t wanted = 0;
        for (uint32_t i = 0; i < 3000; i++) {
            struct domain *own = &owns[test_random(2)];
            struct vcpu *first = own->vcpus[0];
            if (test_random(10) == 0 && first->state == VCPU_RUNNING && !first->restarts) {
                reset(own);
                wanted++;
            }
            for (uint32_t v = 1; v < 3; v++) {
                if (!own->restart && pool.restarting != own && !vcpu_is_on(own->vcpus[v]) && test_random(20) == 0) {
                    EXPECT(vcpu_on(own->vcpus[v], 0, 0) == XI_OK);
                }
            }
            tick(7);
            work_on_restarts();
        }
        for (uint32_t i = 0; i < 1000 && restarts < wanted; i++) {
            tick(7);
            work_on_restarts();
        }
        EXPECT(restarts == wanted && wanted > 2 && pool.restarts == 0 && pool.restarting == NULL);
    }
}
