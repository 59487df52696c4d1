/* SPDX-License-Identifier: Apache-2.0 */
/* Against speculation that one context steers in another: what a CPU needs, by its own registers, its model and
 * what its firmware offers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Arm DEN 0028 (SMCCC). The numbers are their own names to SMCCC_ARCH_FEATURES. */
#define SMCCC_ARCH_WORKAROUND_1 0x80008000u /* CVE-2017-5715 */
#define SMCCC_ARCH_WORKAROUND_2 0x80007fffu /* CVE-2018-3639 */
#define SMCCC_ARCH_WORKAROUND_3 0x80003fffu /* CVE-2017-5715 and CVE-2022-23960 */

/* What SMCCC_ARCH_FEATURES says of one of them. */
enum {
    WORKAROUND_NEEDED = 0,
    WORKAROUND_NOT_NEEDED = 1,        /* here; the call may be made all the same */
    WORKAROUND_NOT_SUPPORTED = -1,
    WORKAROUND_NEEDED_NOWHERE = -2,   /* WORKAROUND_2 alone: on no CPU */
};

/* As firmware and the registers of one CPU tell. */
struct cpu_traits {
    uint64_t midr;   /* MIDR_EL1 */
    uint8_t csv2;    /* ID_AA64PFR0_EL1.CSV2 */
    uint8_t ssbs;    /* ID_AA64PFR1_EL1.SSBS */
    uint8_t ecbhb;   /* ID_AA64MMFR1_EL1.ECBHB */
    uint8_t clrbhb;  /* ID_AA64ISAR2_EL1.CLRBHB */
    int32_t workaround[3]; /* answers of SMCCC_ARCH_FEATURES to WORKAROUND_1, _2 and _3 */
};

enum mitigation_state {
    MITIGATION_NOT_AFFECTED,
    MITIGATION_LOOP,     /* branches of our own overwrite the history on each entry from a guest */
    MITIGATION_CLEAR,    /* CLRBHB does */
    MITIGATION_FIRMWARE, /* a call on each entry; for store bypass, one when the CPU starts */
    MITIGATION_ALWAYS,   /* firmware keeps it on */
    MITIGATION_SSBS,     /* PSTATE.SSBS: off in the hypervisor, each guest's own to set */
    MITIGATION_UNKNOWN,  /* nothing is known of the CPU, and there is no help */
    MITIGATION_VULNERABLE,
};

struct mitigation {
    uint8_t targets; /* of indirect branches, Spectre-v2; enum mitigation_state */
    uint8_t history; /* of branches, Spectre-BHB */
    uint8_t bypass;  /* of stores, Spectre-v4 */
    uint32_t loops;  /* branches that overwrite the history; 0 unless history is MITIGATION_LOOP */
    uint32_t call;   /* to firmware on each entry; 0: none */
};

struct mitigation mitigation_choose(const struct cpu_traits *traits);

/* "Spectre-v2 …, Spectre-BHB …, Spectre-v4 …"; returns the characters that it takes, as snprintf. */
size_t mitigation_describe(const struct mitigation *mitigation, char *text, size_t size);

/* What two kinds of CPU need between them, and what a guest that may run on both is told of a workaround by
 * SMCCC_ARCH_FEATURES: one of the answers above. */
struct mitigation mitigation_worse(const struct mitigation *a, const struct mitigation *b);
int32_t mitigation_answer(const struct mitigation *mitigation, uint32_t workaround);
