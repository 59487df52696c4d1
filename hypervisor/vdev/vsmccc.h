/* SPDX-License-Identifier: Apache-2.0 */
/* The architecture's own calls of the SMC calling convention (Arm DEN 0028), for guests. */
#pragma once

#include <stdint.h>

struct vcpu;

#define SMCCC_VERSION 0x80000000u
#define SMCCC_NOT_SUPPORTED (-1)

/* Carries out one of the range 0x80000000 to 0x8000ffff, with the first argument; its answer. */
int64_t vsmccc_call(const struct vcpu *vcpu, uint32_t function, uint32_t argument);
