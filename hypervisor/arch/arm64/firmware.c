/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stdint.h>

#include <xi/firmware.h>

#include <arch/sysreg.h>

#define PSCI_CPU_ON 0xc4000003u
#define PSCI_SYSTEM_OFF 0x84000008u
#define PSCI_SUCCESS 0

uint64_t smccc_smc(uint64_t function, uint64_t a, uint64_t b, uint64_t c);
uint64_t smccc_hvc(uint64_t function, uint64_t a, uint64_t b, uint64_t c);

static bool use_hvc;

void firmware_init(bool by_hvc)
{
    use_hvc = by_hvc;
}

static uint64_t call(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
    return use_hvc ? smccc_hvc(function, a, b, c) : smccc_smc(function, a, b, c);
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
