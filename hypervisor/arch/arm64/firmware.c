/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stdint.h>

#include <xi/firmware.h>

#include <arch/sysreg.h>

#define PSCI_VERSION 0x84000000u
#define PSCI_CPU_ON 0xc4000003u
#define PSCI_SYSTEM_OFF 0x84000008u
#define PSCI_FEATURES 0x8400000au
#define PSCI_SUCCESS 0
#define PSCI_1_0 0x10000
#define SMCCC_VERSION 0x80000000u
#define SMCCC_ARCH_FEATURES 0x80000001u
#define SMCCC_1_1 0x10001
#define NOT_SUPPORTED (-1)

uint64_t smccc_smc(uint64_t function, uint64_t a, uint64_t b, uint64_t c);
uint64_t smccc_hvc(uint64_t function, uint64_t a, uint64_t b, uint64_t c);

static bool use_hvc;
static bool has_features; /* SMCCC_ARCH_FEATURES may be asked */

static uint64_t call(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
    return use_hvc ? smccc_hvc(function, a, b, c) : smccc_smc(function, a, b, c);
}

static int32_t answer(uint32_t function, uint64_t a)
{
    return (int32_t)call(function, a, 0, 0); /* the low half, whatever the width */
}

/* In the order of DEN 0028: each question is asked only where the one before says that it is known. */
void firmware_init(bool present, bool by_hvc)
{
    use_hvc = by_hvc;
    has_features = present && !by_hvc && answer(PSCI_VERSION, 0) >= PSCI_1_0 &&
                   answer(PSCI_FEATURES, SMCCC_VERSION) >= PSCI_SUCCESS && answer(SMCCC_VERSION, 0) >= SMCCC_1_1;
}

int32_t firmware_arch_feature(uint32_t function)
{
    return has_features ? answer(SMCCC_ARCH_FEATURES, function) : NOT_SUPPORTED;
}

void firmware_arch_call(uint32_t function, uint64_t argument)
{
    (void)call(function, argument, 0, 0);
}

xi_err firmware_cpu_on(uint64_t mpidr, pa_t entry, uint64_t context)
{
    return call(PSCI_CPU_ON, mpidr, entry.pa, context) == PSCI_SUCCESS ? XI_OK : XI_ERR_RANGE;
}

void firmware_system_off(void)
{
    call(PSCI_SYSTEM_OFF, 0, 0, 0);
    arch_park();
}

void arch_park(void)
{
    for (;;) {
        __asm__ volatile("wfe");
    }
}
