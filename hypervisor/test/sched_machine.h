/* SPDX-License-Identifier: Apache-2.0 */
/* A machine in simulated time for the scheduler: CPUs that are numbers, vCPUs that work, sleep and are woken. One pool
 * has all of its CPUs. A tick is a millisecond unless a test says otherwise. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/config.h>
#include <xi/cpu.h>
#include <xi/domain.h>
#include <xi/sched.h>
#include <xi/vcpu.h>

enum { SIM_CPUS = 4, SIM_VCPUS = 8, SIM_RESTART_STEPS = 20 };

#define SIM_GICD 0x03001000u
#define SIM_GICR 0x03020000u

struct sim {
    uint64_t now;
    uint32_t frequency; /* ticks a second */
    uint32_t here;      /* the CPU whose code runs */
    struct cpupool pool;
    struct domain_config config; /* of every domain */
    struct domain domain;        /* of all vCPUs that sim_split_off has not given away */
    struct domain_config configs[SIM_VCPUS]; /* after sim_begin_apart: of each vCPU's domain */
    struct domain domains[SIM_VCPUS];
    struct vcpu vcpus[SIM_VCPUS];
    struct vcpu *list[SIM_VCPUS];
    uint32_t vcpu_count;
    uint64_t work[SIM_VCPUS];         /* ticks that each has run */
    uint64_t waited[SIM_VCPUS];       /* ticks that each has been waiting for by now */
    uint64_t longest_wait[SIM_VCPUS];
    uint32_t loads;       /* of registers */
    uint32_t load_ticks;  /* that each takes, and is nobody's work */
    bool pending;         /* an interrupt waits for whoever wants to sleep */
    bool arrives;         /* one comes just after it has been looked for */
    bool stops_in_reset;  /* its domain ends while a vCPU is being reset */
    void (*watch)(void);  /* at each stop of sim_run, before anybody acts; NULL: nobody */
    bool may_idle;        /* a CPU may sleep while somebody waits */
    uint32_t steps_left[SIM_VCPUS]; /* of making each domain again, by id - 1: one step a tick */
    uint32_t restarts;
    uint32_t longest_step; /* ticks; 0: each step is a tick of sim_tick */
    uint32_t steps;        /* that took ticks of their own */
};

extern struct sim sim;

/* A machine of so many CPUs, and one domain of `count` vCPUs that are off; not sealed yet. */
void sim_begin(uint32_t machine_cpus, uint32_t count);
/* vCPUs from `first` on belong to a domain of their own, whose configuration is `config`. */
void sim_split_off(struct domain *own, const struct domain_config *config, uint32_t first, uint32_t count);
/* As sim_begin, with each vCPU in a domain of its own, of the default weight. */
void sim_begin_apart(uint32_t machine_cpus, uint32_t count);
void sim_seal(enum config_scheduler scheduler);
/* sim_begin and sim_seal. */
void sim_begin_with(enum config_scheduler scheduler, uint32_t machine_cpus, uint32_t count);
void sim_start(uint32_t vcpu);
/* A trap, or the end of a sleep, on that CPU. */
void sim_enter(uint32_t cpu);
/* Until every CPU has done what it was told to do. */
void sim_settle(void);
/* Settles, looks at what must always hold, and counts one tick. */
void sim_tick(void);
/* As many ticks; time jumps from one of the CPUs' deadlines to the next, for nobody asks for anything between. */
void sim_run(uint64_t ticks);
uint32_t sim_places_of(const struct vcpu *vcpu);
