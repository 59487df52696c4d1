/* SPDX-License-Identifier: Apache-2.0 */
/* Function numbers and return values: Arm DEN 0022 (PSCI 1.1), 5.1 and 5.2; DEN 0028 (SMCCC 1.2), 7. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/domain.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>
#include <xi/vpsci.h>

#define CALL_64 XI_BIT(30) /* arguments are 64 bits wide */

/* What the guest's tree names for PSCI 0.1; arguments are whole registers. */
enum { PSCI_0_1_CPU_OFF = 1, PSCI_0_1_CPU_ON = 2 };

enum {
    PSCI_VERSION = 0x84000000u,
    PSCI_CPU_SUSPEND = 0x84000001u,
    PSCI_CPU_OFF = 0x84000002u,
    PSCI_CPU_ON = 0x84000003u,
    PSCI_AFFINITY_INFO = 0x84000004u,
    PSCI_MIGRATE_INFO_TYPE = 0x84000006u,
    PSCI_SYSTEM_OFF = 0x84000008u,
    PSCI_SYSTEM_RESET = 0x84000009u,
    PSCI_FEATURES = 0x8400000au,
    PSCI_CPU_SUSPEND_64 = 0xc4000001u,
    PSCI_CPU_ON_64 = 0xc4000003u,
    PSCI_AFFINITY_INFO_64 = 0xc4000004u,
    SMCCC_VERSION = 0x80000000u,
    SMCCC_ARCH_FEATURES = 0x80000001u,
};

#define PSCI_1_1 0x10001
#define SMCCC_1_2 0x10002
#define MIGRATION_NOT_NEEDED 2

enum {
    PSCI_SUCCESS = 0,
    PSCI_NOT_SUPPORTED = -1,
    PSCI_INVALID_PARAMETERS = -2,
    PSCI_ALREADY_ON = -4,
    PSCI_INVALID_ADDRESS = -9,
};

enum { AFFINITY_ON = 0, AFFINITY_OFF = 1 };

#define MPIDR_AFFINITY 0xff00ffffffULL

/* The target argument has only affinity fields. */
static struct vcpu *by_mpidr(const struct domain *domain, uint64_t mpidr)
{
    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        if ((arch_vcpu_mpidr(i) & MPIDR_AFFINITY) == mpidr) {
            return domain->vcpus[i];
        }
    }
    return NULL;
}

static bool can_start_at(struct domain *domain, uint64_t entry)
{
    uint32_t instruction;

    return entry % sizeof(instruction) == 0 &&
           guest_copy_from(domain, &instruction, (ipa_t){entry}, sizeof(instruction)) == XI_OK;
}

static int64_t cpu_on(struct domain *domain, uint64_t mpidr, uint64_t entry, uint64_t context)
{
    struct vcpu *target = by_mpidr(domain, mpidr);

    if (target == NULL) {
        return PSCI_INVALID_PARAMETERS;
    }
    if (!can_start_at(domain, entry)) {
        return PSCI_INVALID_ADDRESS;
    }
    return vcpu_on(target, entry, context) == XI_OK ? PSCI_SUCCESS : PSCI_ALREADY_ON;
}

static int64_t affinity_info(const struct domain *domain, uint64_t mpidr, uint64_t level)
{
    const struct vcpu *target = by_mpidr(domain, mpidr);

    if (target == NULL || level != 0) {
        return PSCI_INVALID_PARAMETERS;
    }
    return vcpu_is_on(target) ? AFFINITY_ON : AFFINITY_OFF;
}

/* The deepest state is that of WFI, which keeps everything: the call may always return like that. */
static int64_t cpu_suspend(struct vcpu *vcpu)
{
    vcpu_block(vcpu);
    return PSCI_SUCCESS;
}

static int64_t cpu_off(struct vcpu *vcpu)
{
    vgic_vcpu_reset(vcpu);
    vcpu_off(vcpu);
    return PSCI_SUCCESS; /* nobody sees it: CPU_ON resets the registers */
}

/* PSCI_FEATURES and SMCCC_ARCH_FEATURES: zero for what is there. No workaround calls: a guest decides by
 * the ID registers, which are the machine's. */
static int64_t features(uint64_t function)
{
    switch (function) {
    case PSCI_VERSION:
    case PSCI_CPU_SUSPEND:
    case PSCI_CPU_SUSPEND_64:
    case PSCI_CPU_OFF:
    case PSCI_CPU_ON:
    case PSCI_CPU_ON_64:
    case PSCI_AFFINITY_INFO:
    case PSCI_AFFINITY_INFO_64:
    case PSCI_MIGRATE_INFO_TYPE:
    case PSCI_SYSTEM_OFF:
    case PSCI_SYSTEM_RESET:
    case PSCI_FEATURES:
    case SMCCC_VERSION:
    case SMCCC_ARCH_FEATURES:
        return PSCI_SUCCESS;
    default:
        return PSCI_NOT_SUPPORTED;
    }
}

static int64_t call(struct vcpu *vcpu, uint32_t function, const uint64_t *argument)
{
    switch (function) {
    case PSCI_VERSION:
        return PSCI_1_1;
    case SMCCC_VERSION:
        return SMCCC_1_2;
    case PSCI_CPU_SUSPEND:
    case PSCI_CPU_SUSPEND_64:
        return cpu_suspend(vcpu);
    case PSCI_0_1_CPU_OFF:
    case PSCI_CPU_OFF:
        return cpu_off(vcpu);
    case PSCI_0_1_CPU_ON:
    case PSCI_CPU_ON:
    case PSCI_CPU_ON_64:
        return cpu_on(vcpu->domain, argument[0], argument[1], argument[2]);
    case PSCI_AFFINITY_INFO:
    case PSCI_AFFINITY_INFO_64:
        return affinity_info(vcpu->domain, argument[0], argument[1]);
    case PSCI_MIGRATE_INFO_TYPE:
        return MIGRATION_NOT_NEEDED;
    case PSCI_SYSTEM_OFF:
        domain_shutdown(vcpu->domain, SHUTDOWN_POWEROFF);
        return PSCI_SUCCESS;
    case PSCI_SYSTEM_RESET:
        domain_shutdown(vcpu->domain, SHUTDOWN_RESET);
        return PSCI_SUCCESS;
    case PSCI_FEATURES:
    case SMCCC_ARCH_FEATURES:
        return features((uint32_t)argument[0]);
    default:
        return PSCI_NOT_SUPPORTED;
    }
}

void vpsci_call(struct vcpu *vcpu)
{
    uint32_t function = (uint32_t)vcpu->regs.x[0];
    uint64_t argument[3];

    for (uint32_t i = 0; i < 3; i++) {
        uint64_t x = vcpu->regs.x[1 + i];
        argument[i] = (function & CALL_64) != 0 || function == PSCI_0_1_CPU_ON ? x : (uint32_t)x;
    }
    vcpu->regs.x[0] = (uint64_t)call(vcpu, function, argument);
}
