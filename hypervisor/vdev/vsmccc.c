/* SPDX-License-Identifier: Apache-2.0 */
/* Function numbers and answers: Arm DEN 0028 (SMCCC 1.2). The machine's SOC_ID is not told: a domain does not see which
 * board it runs on. */
#include <xi/domain.h>
#include <xi/mitigation.h>
#include <xi/vcpu.h>

#include "vsmccc.h"

enum {
    SMCCC_ARCH_FEATURES = 0x80000001u,
};

#define SMCCC_1_2 0x10002
#define SMCCC_SUCCESS 0

static int64_t features(const struct vcpu *vcpu, uint32_t function)
{
    switch (function) {
    case SMCCC_VERSION:
    case SMCCC_ARCH_FEATURES:
        return SMCCC_SUCCESS;
    default:
        return mitigation_answer(&vcpu->domain->mitigation, function);
    }
}

int64_t vsmccc_call(const struct vcpu *vcpu, uint32_t function, uint32_t argument)
{
    switch (function) {
    case SMCCC_VERSION:
        return SMCCC_1_2;
    case SMCCC_ARCH_FEATURES:
        return features(vcpu, argument);
    case SMCCC_ARCH_WORKAROUND_1:
    case SMCCC_ARCH_WORKAROUND_3:
        /* The way here did it: the CPU's vectors see to it on each entry from a guest. */
        return features(vcpu, function) >= 0 ? SMCCC_SUCCESS : SMCCC_NOT_SUPPORTED;
    default:
        return SMCCC_NOT_SUPPORTED;
    }
}
