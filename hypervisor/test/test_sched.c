/* SPDX-License-Identifier: Apache-2.0 */
/* The mechanism and the default policy, with vCPUs that work, sleep and are woken at random. */
#include <string.h>

#include <xi/mmio.h>

#include "sched_machine.h"
#include "test.h"

static bool is_fair(uint32_t vcpu, uint64_t ticks, uint32_t count)
{
    uint64_t fair = ticks * cpu_count / count;

    return sim.work[vcpu] * 100 > fair * 97 && sim.work[vcpu] * 100 < fair * 103;
}

TEST(shares_the_cpus_whatever_the_order_of_starts)
{
    for (uint32_t round = 0; round < 200; round++) {
        uint32_t machine_cpus = 1 + (uint32_t)test_random(SIM_CPUS);
        uint32_t count = machine_cpus + 1 + (uint32_t)test_random(SIM_VCPUS - machine_cpus);
        sim_begin_with(CONFIG_SCHED_CREDIT2, machine_cpus, count);
        for (uint32_t i = 0; i < count; i++) {
            sim.here = (uint32_t)test_random(machine_cpus);
            sim_start(i);
            for (uint64_t pause = test_random(50); pause > 0; pause--) {
                sim_tick();
            }
        }
        memset(sim.work, 0, sizeof(sim.work));
        for (uint32_t i = 0; i < 5000; i++) {
            sim_tick();
        }
        for (uint32_t i = 0; i < count; i++) {
            EXPECT(is_fair(i, 5000, count));
            EXPECT(sim.longest_wait[i] <= 100 * SIM_VCPUS);
        }
    }
}

TEST(finds_the_cpu_of_another_model)
{
    sim_begin(4, 1);
    for (uint32_t i = 0; i < 4; i++) {
        cpus[i].midr = 0x410fd034;
    }
    EXPECT(sched_odd_cpu(&sim.pool) == NULL);
    for (uint32_t odd = 1; odd < 4; odd++) {
        cpus[odd].midr = 0x411fd072;
        EXPECT(sched_odd_cpu(&sim.pool) == &cpus[odd]);
        cpus[odd].midr = 0x410fd034;
    }
    cpus[0].midr = 0x410fd033; /* a revision has errata of its own */
    EXPECT(sched_odd_cpu(&sim.pool) == &cpus[1]);
}

TEST(leaves_each_vcpu_on_its_own_cpu_where_there_is_one)
{
    sim_begin_with(CONFIG_SCHED_CREDIT2, 4, 4);
    for (uint32_t i = 0; i < 4; i++) {
        sim_start(i);
    }
    uint32_t before = sim.loads;
    for (uint32_t i = 0; i < 10000; i++) {
        uint32_t v = (uint32_t)test_random(4);
        sim.here = sim.vcpus[v].cpu;
        if (sim.vcpus[v].state == VCPU_RUNNING && test_random(3) == 0) {
            vcpu_block(&sim.vcpus[v]);
        } else {
            sim.here = (uint32_t)test_random(4);
            vcpu_kick(&sim.vcpus[v]);
        }
        sim_tick();
    }
    EXPECT(sim.loads == before); /* their registers never left the machine */
}

TEST(wakes_sleepers_soon_and_lets_nobody_starve)
{
    for (uint32_t round = 0; round < 50; round++) {
        sim_begin_with(CONFIG_SCHED_CREDIT2, 2, 6);
        for (uint32_t i = 0; i < 6; i++) {
            sim_start(i);
        }
        /* The last two always work; the others sleep and are woken. */
        for (uint32_t i = 0; i < 5000; i++) {
            uint32_t v = (uint32_t)test_random(4);
            sim.here = sim.vcpus[v].cpu;
            if (sim.vcpus[v].state == VCPU_RUNNING && test_random(2) == 0) {
                vcpu_block(&sim.vcpus[v]);
            } else if (sim.vcpus[v].state == VCPU_BLOCKED && test_random(4) == 0) {
                sim.here = (uint32_t)test_random(2);
                vcpu_kick(&sim.vcpus[v]);
            }
            sim_tick();
        }
        for (uint32_t i = 0; i < 6; i++) {
            EXPECT(sim.longest_wait[i] < 200);
        }
        EXPECT(sim.work[4] * 10 >= 5000 * 3 && sim.work[5] * 10 >= 5000 * 3); /* a third of a CPU is everybody's due */
    }
}

TEST(stops_a_vcpu_wherever_it_is_and_starts_it_again)
{
    sim_begin_with(CONFIG_SCHED_CREDIT2, 2, 4);
    for (uint32_t i = 0; i < 4; i++) {
        sim_start(i);
    }
    for (uint32_t i = 0; i < 5000; i++) {
        uint32_t v = (uint32_t)test_random(4);
        sim.here = (uint32_t)test_random(2);
        if (vcpu_is_on(&sim.vcpus[v])) {
            sched_stop(&sim.vcpus[v]);
            sim_settle();
            EXPECT(!vcpu_is_on(&sim.vcpus[v]) && sim_places_of(&sim.vcpus[v]) == 0);
        } else {
            EXPECT(vcpu_on(&sim.vcpus[v], 0, 0) == XI_OK);
            EXPECT(vcpu_on(&sim.vcpus[v], 0, 0) == XI_ERR_BUSY);
        }
        sim_tick();
    }
}

TEST(does_not_start_what_is_stopped_while_it_is_reset)
{
    sim_begin_with(CONFIG_SCHED_CREDIT2, 2, 3);
    sim_start(0);
    sim.stops_in_reset = true;
    EXPECT(vcpu_on(&sim.vcpus[1], 0, 0) == XI_OK);
    sim.stops_in_reset = false;
    sim_settle();
    EXPECT(!vcpu_is_on(&sim.vcpus[1]) && sim_places_of(&sim.vcpus[1]) == 0);
}

static void device_write(uint64_t ipa, uint32_t size, uint64_t value)
{
    struct mmio_access access = {.ipa = {ipa}, .size = (uint8_t)size, .write = true, .value = value};

    EXPECT(mmio_dispatch(&sim.vcpus[0], &access));
}

/* Locks of the host's tests end the program when they are taken twice. */
TEST(resets_a_starting_vcpu_whose_interrupts_wake_another)
{
    enum { SPI = 40, CTLR = 0, ISENABLER = 0x104, ISPENDR = 0x204, ISACTIVER = 0x304, IROUTER = 0x6000 + 8 * SPI };

    sim_begin_with(CONFIG_SCHED_CREDIT2, 4, 3);
    sim_start(0);
    sim_start(2);
    sim.here = sim.vcpus[2].cpu;
    vcpu_block(&sim.vcpus[2]);
    sim_settle();
    sim.here = sim.vcpus[0].cpu;
    device_write(SIM_GICD + CTLR, 4, 3);
    device_write(SIM_GICD + ISENABLER, 4, 1u << (SPI - 32));
    device_write(SIM_GICD + IROUTER, 8, 1);
    device_write(SIM_GICD + ISACTIVER, 4, 1u << (SPI - 32));
    device_write(SIM_GICD + ISPENDR, 4, 1u << (SPI - 32));
    device_write(SIM_GICD + IROUTER, 8, 2);
    EXPECT(sim.vcpus[2].state == VCPU_BLOCKED);
    EXPECT(vcpu_on(&sim.vcpus[1], 0, 0) == XI_OK);
    EXPECT(sim.vcpus[2].state != VCPU_BLOCKED);
    sim_tick();
}

/* The domain's own reset, by its first vCPU. */
static void reset(struct domain *own)
{
    sim.here = own->vcpus[0]->cpu;
    for (uint32_t i = 0; i < own->vcpu_count; i++) {
        sched_stop(own->vcpus[i]);
    }
    sched_restart(own);
    sim_settle();
}

static void work_on_restarts(void)
{
    for (uint32_t i = 0; i < cpu_count; i++) {
        if (cpus[i].current != NULL && cpus[i].current->restarts) {
            sim_enter(i);
        }
    }
}

TEST(makes_a_domain_that_resets_for_ever_in_its_own_time)
{
    static struct domain resetter;

    sim_begin_with(CONFIG_SCHED_CREDIT2, 1, 2);
    sim_split_off(&resetter, &sim.config, 1, 1);
    sim_start(0);
    sim_start(1);
    for (uint32_t i = 0; i < 5000; i++) {
        if (sim.vcpus[1].state == VCPU_RUNNING && !sim.vcpus[1].restarts) {
            reset(&resetter);
        }
        sim_tick();
        work_on_restarts();
    }
    EXPECT(is_fair(0, 5000, 2));
    EXPECT(sim.longest_wait[0] < 2 * sim.frequency / 100);
    EXPECT(sim.restarts > 5000 / 2 / SIM_RESTART_STEPS * 9 / 10);
}

/* The first may run a tick of each 50. */
TEST(makes_a_domain_again_while_another_takes_long)
{
    static struct domain owns[2];
    static struct domain_config slow;

    sim_begin(1, 2);
    slow = sim.config;
    slow.cap = 2;
    sim.may_idle = true;
    sim_split_off(&owns[0], &slow, 0, 1);
    sim_split_off(&owns[1], &sim.config, 1, 1);
    sim_seal(CONFIG_SCHED_CREDIT2);
    sim_start(0);
    sim_start(1);
    for (uint32_t i = 0; i < 2; i++) {
        reset(&owns[i]);
    }
    for (uint32_t i = 0; i < 2 * SIM_RESTART_STEPS; i++) {
        sim_tick();
        work_on_restarts();
    }
    EXPECT(sim.restarts == 1 && sim.vcpus[1].state == VCPU_RUNNING && !sim.vcpus[1].restarts);
    for (uint32_t i = 0; i < 100 * SIM_RESTART_STEPS; i++) {
        sim_tick();
        work_on_restarts();
    }
    EXPECT(sim.restarts == 2 && sim.vcpus[0].state != VCPU_OFF && !sim.vcpus[0].restarts);
}

TEST(makes_each_domain_again_once_all_its_vcpus_have_left)
{
    static struct domain owns[2];

    for (uint32_t round = 0; round < 20; round++) {
        sim_begin_with(CONFIG_SCHED_CREDIT2, 1 + round % SIM_CPUS, 7);
        sim_split_off(&owns[0], &sim.config, 1, 3);
        sim_split_off(&owns[1], &sim.config, 4, 3);
        for (uint32_t i = 0; i < 7; i++) {
            sim_start(i);
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
                if (!own->restart && !first->restarts && !vcpu_is_on(own->vcpus[v]) && test_random(20) == 0) {
                    EXPECT(vcpu_on(own->vcpus[v], 0, 0) == XI_OK);
                }
            }
            sim_tick();
            work_on_restarts();
        }
        for (uint32_t i = 0; i < 1000 && sim.restarts < wanted; i++) {
            sim_tick();
            work_on_restarts();
        }
        EXPECT(sim.restarts == wanted && wanted > 2 && sim.pool.restarts == 0 && !owns[0].vcpus[0]->restarts && !owns[1].vcpus[0]->restarts);
    }
}

TEST(lets_nobody_sleep_whom_an_interrupt_waits_for)
{
    sim_begin_with(CONFIG_SCHED_CREDIT2, 1, 1);
    sim_start(0);
    sim.pending = true;
    vcpu_block(&sim.vcpus[0]);
    EXPECT(sim.vcpus[0].state == VCPU_RUNNING);
    sim.pending = false;
    sim.arrives = true;
    vcpu_block(&sim.vcpus[0]);
    EXPECT(sim.vcpus[0].state == VCPU_RUNNING);
    sim.arrives = false;
    vcpu_block(&sim.vcpus[0]);
    EXPECT(sim.vcpus[0].state == VCPU_BLOCKED);
}
