/* SPDX-License-Identifier: Apache-2.0 */
/* The registers of a vCPU that are in the machine while it is loaded. */
#pragma once

#include <stdint.h>

#include <xi/gic.h>

struct fp_state {
    uint64_t v[64]; /* V0 to V31, 128 bits each */
    uint64_t fpsr;
    uint64_t fpcr;
} __attribute__((aligned(16)));

struct arch_vcpu {
    struct fp_state fp;
    uint64_t sctlr, cpacr, ttbr0, ttbr1, tcr, esr, far, afsr0, afsr1, mair, amair, vbar, contextidr;
    uint64_t tpidr_el0, tpidrro_el0, tpidr_el1, sp_el0, sp_el1, elr, spsr, par, csselr;
    uint64_t vdisr, tpidr2;
    uint64_t dacr32, ifsr32, fpexc32;
    uint64_t vmpidr;
    uint64_t cntkctl, cntv_ctl, cntv_cval, cntvoff;
    struct gic_vcpu gic;
};

void fp_save(struct fp_state *state);
void fp_load(const struct fp_state *state);
