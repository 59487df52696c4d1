/* SPDX-License-Identifier: Apache-2.0 */
/* Function numbers and return values: Arm DEN 0022 (PSCI 1.1), 5.1 and 5.2. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/domain.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>
#include <xi/virq.h>
#include <xi/vpsci.h>

#include "vsmccc.h"

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
    PSCI_SYSTEM_SUSPEND = 0x8400000eu,
    PSCI_SYSTEM_RESET2 = 0x84000012u,
    PSCI_CPU_SUSPEND_64 = 0xc4000001u,
    PSCI_CPU_ON_64 = 0xc4000003u,
    PSCI_AFFINITY_INFO_64 = 0xc4000004u,
    PSCI_SYSTEM_SUSPEND_64 = 0xc400000eu,
    PSCI_SYSTEM_RESET2_64 = 0xc4000012u,
};

/* Function numbers of the SMC calling convention's architecture calls. */
#define OWNER_ARCHITECTURE 0x8000u

#define PSCI_1_1 0x10001
#define MIGRATION_NOT_NEEDED 2

enum {
    PSCI_SUCCESS = 0,
    PSCI_NOT_SUPPORTED = -1,
    PSCI_INVALID_PARAMETERS = -2,
    PSCI_DENIED = -3,
    PSCI_ALREADY_ON = -4,
    PSCI_INVALID_ADDRESS = -9,
};

enum { AFFINITY_ON = 0, AFFINITY_OFF = 1 };

#define MPIDR_AFFINITY 0xff00ffffffULL
#define AFFINITY_LEVELS 4u

/* power_state of CPU_SUSPEND in the original format, as PSCI_FEATURES says. */
#define POWER_STATE_DOWN XI_BIT(16)
#define POWER_STATE_RESERVED (XI_FIELD(17, 7) | XI_FIELD(26, 6))

#define RESET2_WARM 0u

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

/* The affinity fields that count at a level: its own and those above. */
static uint64_t affinity_mask(uint32_t level)
{
    static const uint64_t masks[AFFINITY_LEVELS] = {0xff00ffffff, 0xff00ffff00, 0xff00ff0000, 0xff00000000};

    return masks[level];
}

/* On, if any CPU of that affinity instance is. */
static int64_t affinity_info(const struct domain *domain, uint64_t affinity, uint64_t level)
{
    int64_t found = PSCI_INVALID_PARAMETERS;

    if (level >= AFFINITY_LEVELS || (affinity & ~MPIDR_AFFINITY) != 0) {
        return PSCI_INVALID_PARAMETERS;
    }
    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        if (((arch_vcpu_mpidr(i) ^ affinity) & affinity_mask((uint32_t)level)) != 0) {
            continue;
        }
        if (vcpu_is_on(domain->vcpus[i])) {
            return AFFINITY_ON;
        }
        found = AFFINITY_OFF;
    }
    return found;
}

/* Nobody sees the answer of a call that ends at the entry point: the reset has put the context there. */
static int64_t power_down(struct vcpu *vcpu, uint64_t entry, uint64_t context)
{
    if (!can_start_at(vcpu->domain, entry)) {
        return PSCI_INVALID_ADDRESS;
    }
    arch_vcpu_restart(vcpu, entry, context);
    vcpu_block(vcpu);
    return (int64_t)context;
}

/* Standby keeps everything, as WFI. Power-down goes on at the entry point, which an interrupt that waits already
 * reaches at once. */
static int64_t cpu_suspend(struct vcpu *vcpu, uint64_t state, uint64_t entry, uint64_t context)
{
    if ((state & POWER_STATE_RESERVED) != 0) {
        return PSCI_INVALID_PARAMETERS;
    }
    if ((state & POWER_STATE_DOWN) != 0) {
        return power_down(vcpu, entry, context);
    }
    vcpu_block(vcpu);
    return PSCI_SUCCESS;
}

static bool others_are_off(const struct vcpu *vcpu)
{
    const struct domain *domain = vcpu->domain;

    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        if (domain->vcpus[i] != vcpu && vcpu_is_on(domain->vcpus[i])) {
            return false;
        }
    }
    return true;
}

/* Whatever interrupt the guest has let through to this CPU ends it. */
static int64_t system_suspend(struct vcpu *vcpu, uint64_t entry, uint64_t context)
{
    return others_are_off(vcpu) ? power_down(vcpu, entry, context) : PSCI_DENIED;
}

static int64_t reset(struct domain *domain, bool warm)
{
    domain->warm = warm;
    domain_shutdown(domain, SHUTDOWN_RESET);
    return PSCI_SUCCESS;
}

/* Vendor's types, and those of later versions, are none of ours. */
static int64_t system_reset2(struct domain *domain, uint64_t type)
{
    return (uint32_t)type == RESET2_WARM ? reset(domain, true) : PSCI_INVALID_PARAMETERS;
}

static int64_t cpu_off(struct vcpu *vcpu)
{
    /* What the guest has ended shows in the list registers alone, until they are read back. */
    vgic_set_stale(vcpu);
    virq_sync(vcpu);
    vgic_vcpu_reset(vcpu);
    vcpu_off(vcpu);
    return PSCI_SUCCESS; /* nobody sees it: CPU_ON resets the registers */
}

/* PSCI_FEATURES: zero for what is there. Of CPU_SUSPEND that says: power_state in the original format, no OS-initiated
 * mode; of SYSTEM_RESET2, nothing more. */
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
    case PSCI_SYSTEM_SUSPEND:
    case PSCI_SYSTEM_SUSPEND_64:
    case PSCI_SYSTEM_RESET2:
    case PSCI_SYSTEM_RESET2_64:
    case SMCCC_VERSION:
        return PSCI_SUCCESS;
    default:
        return PSCI_NOT_SUPPORTED;
    }
}

static int64_t call(struct vcpu *vcpu, uint32_t function, const uint64_t *argument)
{
    if (function >> 16 == OWNER_ARCHITECTURE) {
        return vsmccc_call(vcpu, function, (uint32_t)argument[0]);
    }
    switch (function) {
    case PSCI_VERSION:
        return PSCI_1_1;
    case PSCI_CPU_SUSPEND:
    case PSCI_CPU_SUSPEND_64:
        return cpu_suspend(vcpu, argument[0], argument[1], argument[2]);
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
        return reset(vcpu->domain, false);
    case PSCI_SYSTEM_SUSPEND:
    case PSCI_SYSTEM_SUSPEND_64:
        return system_suspend(vcpu, argument[0], argument[1]);
    case PSCI_SYSTEM_RESET2:
    case PSCI_SYSTEM_RESET2_64:
        return system_reset2(vcpu->domain, argument[0]);
    case PSCI_FEATURES:
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
