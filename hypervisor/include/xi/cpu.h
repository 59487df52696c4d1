/* SPDX-License-Identifier: Apache-2.0 */
/* A machine CPU, and what is private to it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/mitigation.h>
#include <xi/spinlock.h>
#include <xi/timer.h>

struct cpupool;
struct domain;
struct vcpu;

#define XI_MAX_CPUS 32u

struct cpu {
    struct vcpu *current; /* first four: known to assembly */
    void *stack_top;
    uint32_t history_loops, entry_call; /* mitigation.loops and .call */
    uint32_t index; /* 0 is the boot CPU; order of /cpus */
    uint64_t mpidr, midr;
    uint32_t address_bits;  /* of machine addresses (ID_AA64MMFR0_EL1.PARange) */
    struct mitigation mitigation;
    bool online;
    bool resched;           /* look for another vCPU before the next entry */
    bool stepped;           /* since it looked, a piece of a restart has been done */
    struct vcpu *loaded;    /* whose system registers are in the machine; current or the last one */
    struct cpupool *pool;   /* NULL: parked */
    uint64_t slice_end;     /* counter at which it looks for another vCPU; 0: not before something happens */
    uint64_t turn_end;      /* credit2: counter at which others get their turn; 0: nobody waits */
    uint64_t turn_from;     /* credit2: counter at which its vCPU came */
    struct domain *blamed;  /* for an SError that was met while it was taken off; not stopped yet */
    uint64_t serror;        /* its syndrome */
    struct timer_queue timers;
};

extern struct cpu cpus[XI_MAX_CPUS];
extern uint32_t cpu_count;

struct cpu *this_cpu(void);
