/* SPDX-License-Identifier: Apache-2.0 */
/* A virtual CPU: its registers, its place in the scheduler, its half of the virtual devices. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/spinlock.h>
#include <xi/timer.h>
#include <xi/types.h>
#include <xi/vgic.h>

struct arch_vcpu; /* system registers, FP/SIMD: the architecture's own */
struct domain;

/* What a trap saves. arch/arm64 asserts the offsets. */
struct guest_regs {
    uint64_t x[31];
    uint64_t pc;
    uint64_t pstate;
};

enum vcpu_state {
    VCPU_OFF,      /* PSCI off: not yet on, or turned off */
    VCPU_STARTING, /* its registers are being reset */
    VCPU_BLOCKED,  /* waits for an interrupt (WFI) */
    VCPU_RUNNABLE, /* waits for a CPU */
    VCPU_RUNNING,  /* has one */
};

struct vcpu {
    struct guest_regs regs; /* first: the trap entry stores here */
    struct arch_vcpu *arch;
    struct domain *domain;
    uint32_t id; /* within the domain */

    struct vgic_vcpu vgic;

    /* The physical timer, which is trapped: CNTP_CTL_EL0 and CNTP_CVAL_EL0 as the guest wrote them. */
    spinlock_t cntp_lock; /* registers, level and software timer agree: the timer may expire on any CPU */
    uint64_t cntp_ctl, cntp_cval;
    struct timer physical_timer;
    struct timer wake; /* stands for the virtual timer while the vCPU sleeps */
    bool timer_live;   /* the machine's virtual timer interrupt is active on its behalf */

    /* Scheduler's; under the lock of the domain's pool. */
    enum vcpu_state state;
    bool pinned;         /* has a CPU of its own */
    bool on_cpu;         /* its registers are in the machine, on `cpu` */
    bool restarts;       /* its time goes to the making of its domain; it has no registers */
    uint32_t affinity;   /* CPUs that may run it, a bit each */
    uint32_t cpu;        /* CPU that runs it, or ran it last */
    uint32_t weight;     /* against the others of the pool */
    uint64_t runtime;    /* counter ticks by weight; compared by difference, for it may wrap */
    uint32_t remainder;  /* of the division by weight */
    bool gave_way;       /* credit2: it yielded, and others come first */
    uint64_t budget, period; /* rtds: counter ticks */
    int64_t left;            /* rtds: of its budget until the deadline */
    uint64_t deadline;       /* rtds: counter at which its period ends */
    uint64_t slice_from; /* counter until which runtime counts, while it runs */
};

/* Something may have become pending for this vCPU: wakes it, or makes it look where it runs. Any CPU. */
void vcpu_kick(struct vcpu *vcpu);

/* PSCI: resets the registers and makes it runnable at `entry` with x0 = context.
 * XI_ERR_BUSY when it is on already. */
XI_MUST_CHECK xi_err vcpu_on(struct vcpu *vcpu, uint64_t entry, uint64_t context);

/* For the current vCPU, effective when the trap returns. */
void vcpu_off(struct vcpu *vcpu);
void vcpu_block(struct vcpu *vcpu); /* until the next kick */
void vcpu_yield(struct vcpu *vcpu);  /* others that wait for its CPU come first */

/* Whether PSCI calls it on. */
bool vcpu_is_on(const struct vcpu *vcpu);

/* Exceptions for the guest, taken at its EL1 vector when it resumes. */
void vcpu_inject_undefined(struct vcpu *vcpu);
