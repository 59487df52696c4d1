/* SPDX-License-Identifier: Apache-2.0 */
/* Power control calls. */
#include <xi/vpsci.h>

#include "fake_guest.h"
#include "test.h"

enum { NOT_SUPPORTED = -1, INVALID_PARAMETERS = -2, DENIED = -3, ALREADY_ON = -4, INVALID_ADDRESS = -9 };

#define VERSION 0x84000000u
#define CPU_SUSPEND 0xc4000001u
#define CPU_OFF 0x84000002u
#define CPU_ON_32 0x84000003u
#define CPU_ON 0xc4000003u
#define AFFINITY_INFO 0xc4000004u
#define SYSTEM_OFF 0x84000008u
#define SYSTEM_RESET 0x84000009u
#define FEATURES 0x8400000au
#define SYSTEM_SUSPEND_32 0x8400000eu
#define SYSTEM_SUSPEND 0xc400000eu
#define SYSTEM_RESET2 0xc4000012u
#define SMCCC_VERSION 0x80000000u
#define ARCH_FEATURES 0x80000001u
#define SOC_ID 0x80000002u
#define POWER_DOWN 0x10000u

static int64_t call(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
    struct vcpu *vcpu = &guest.vcpus[0];

    fake_set_current(vcpu);
    vcpu->regs.x[0] = function;
    vcpu->regs.x[1] = a;
    vcpu->regs.x[2] = b;
    vcpu->regs.x[3] = c;
    vpsci_call(vcpu);
    return (int64_t)vcpu->regs.x[0];
}

TEST(tells_its_version_and_features)
{
    static const uint32_t there[] = {VERSION, CPU_SUSPEND, CPU_OFF, CPU_ON_32, CPU_ON, AFFINITY_INFO, 0x84000006u,
                                     SYSTEM_OFF, SYSTEM_RESET, FEATURES, SYSTEM_SUSPEND_32, SYSTEM_SUSPEND,
                                     SYSTEM_RESET2, SMCCC_VERSION};

    fake_guest_new(1);
    EXPECT(call(VERSION, 0, 0, 0) == 0x10001);
    for (uint32_t i = 0; i < sizeof(there) / sizeof(there[0]); i++) {
        EXPECT(call(FEATURES, there[i], 0, 0) == 0);
    }
    EXPECT(call(FEATURES, CPU_ON | 0x100, 0, 0) == NOT_SUPPORTED);
    EXPECT(call(FEATURES, ARCH_FEATURES, 0, 0) == NOT_SUPPORTED); /* not a power call */
    EXPECT(call(0x84000006u, 0, 0, 0) == 2);
}

/* What PSCI_FEATURES denies is refused, and the other way round: all numbers of both widths. */
TEST(has_the_functions_that_it_says)
{
    for (uint32_t i = 0; i < 64; i++) {
        uint32_t function = (i & 32) << 25 | 0x84000000u | (i & 31);
        fake_guest_new(1);
        bool denied = call(FEATURES, function, 0, 0) == NOT_SUPPORTED;
        EXPECT(denied == (call(function, VERSION, FAKE_RAM, 0) == NOT_SUPPORTED));
    }
}

TEST(tells_the_calling_convention_and_nothing_of_the_machine)
{
    fake_guest_new(1);
    EXPECT(call(SMCCC_VERSION, 0, 0, 0) == 0x10002);
    EXPECT(call(ARCH_FEATURES, SMCCC_VERSION, 0, 0) == 0);
    EXPECT(call(ARCH_FEATURES, ARCH_FEATURES, 0, 0) == 0);
    EXPECT(call(ARCH_FEATURES, SOC_ID, 0, 0) == NOT_SUPPORTED);
    EXPECT(call(SOC_ID, 0, 0, 0) == NOT_SUPPORTED);
    EXPECT(call(ARCH_FEATURES, VERSION, 0, 0) == NOT_SUPPORTED);
}

TEST(answers_workaround_calls_by_what_the_cpus_need)
{
    fake_guest_new(1);
    EXPECT(call(ARCH_FEATURES, SMCCC_ARCH_WORKAROUND_1, 0, 0) == 1);
    EXPECT(call(ARCH_FEATURES, 0xffffffff00000000ull | SMCCC_ARCH_WORKAROUND_3, 0, 0) == 1);
    EXPECT(call(ARCH_FEATURES, SMCCC_ARCH_WORKAROUND_2, 0, 0) == -2);
    EXPECT(call(SMCCC_ARCH_WORKAROUND_1, 0, 0, 0) == 0 && call(SMCCC_ARCH_WORKAROUND_3, 0, 0, 0) == 0);
    EXPECT(call(SMCCC_ARCH_WORKAROUND_2, 1, 0, 0) == NOT_SUPPORTED);

    guest.domain.mitigation = (struct mitigation){.history = MITIGATION_LOOP, .bypass = MITIGATION_SSBS, .loops = 24};
    EXPECT(call(ARCH_FEATURES, SMCCC_ARCH_WORKAROUND_1, 0, 0) == 1);
    EXPECT(call(ARCH_FEATURES, SMCCC_ARCH_WORKAROUND_3, 0, 0) == 0);
    EXPECT(call(ARCH_FEATURES, SMCCC_ARCH_WORKAROUND_2, 0, 0) == NOT_SUPPORTED);

    guest.domain.mitigation = (struct mitigation){.targets = MITIGATION_VULNERABLE, .history = MITIGATION_VULNERABLE};
    EXPECT(call(ARCH_FEATURES, SMCCC_ARCH_WORKAROUND_1, 0, 0) == NOT_SUPPORTED);
    EXPECT(call(SMCCC_ARCH_WORKAROUND_1, 0, 0, 0) == NOT_SUPPORTED);
    EXPECT(call(SMCCC_ARCH_WORKAROUND_3, 0, 0, 0) == NOT_SUPPORTED);
}

TEST(knows_no_other_function)
{
    fake_guest_new(1);
    EXPECT(call(0x84000005u, 0, 0, 0) == NOT_SUPPORTED);
    EXPECT(call(0x80003ffeu, 0, 0, 0) == NOT_SUPPORTED);
    EXPECT(call(0xc4000000u, 0, 0, 0) == NOT_SUPPORTED); /* VERSION has no 64-bit form */
    EXPECT(call(0, 0, 0, 0) == NOT_SUPPORTED);
    EXPECT(call(~0ull, 0, 0, 0) == NOT_SUPPORTED);
}

TEST(turns_a_cpu_on_once)
{
    fake_guest_new(18);
    EXPECT(call(AFFINITY_INFO, 0x101, 0, 0) == 1);
    EXPECT(call(CPU_ON, 0x101, FAKE_RAM + 0x1000, 0x123456789abcull) == 0);
    EXPECT(guest.vcpus[17].regs.pc == FAKE_RAM + 0x1000 && guest.vcpus[17].regs.x[0] == 0x123456789abcull);
    EXPECT(call(AFFINITY_INFO, 0x101, 0, 0) == 0);
    EXPECT(call(CPU_ON, 0x101, FAKE_RAM, 0) == ALREADY_ON);
    EXPECT(call(CPU_ON, 0, FAKE_RAM, 0) == ALREADY_ON);
}

TEST(takes_32_bits_of_each_argument_of_a_32_bit_call)
{
    fake_guest_new(2);
    EXPECT(call(CPU_ON_32, 0xffffffff00000001ull, 0xffffffff00000000ull | FAKE_RAM, ~0ull) == 0);
    EXPECT(guest.vcpus[1].regs.pc == FAKE_RAM && guest.vcpus[1].regs.x[0] == 0xffffffff);
}

TEST(refuses_cpus_and_addresses_that_are_not_there)
{
    fake_guest_new(2);
    EXPECT(call(CPU_ON, 2, FAKE_RAM, 0) == INVALID_PARAMETERS);
    EXPECT(call(CPU_ON, 0x80000001, FAKE_RAM, 0) == INVALID_PARAMETERS);
    EXPECT(call(CPU_ON, 1, FAKE_RAM + 2, 0) == INVALID_ADDRESS);
    EXPECT(call(CPU_ON, 1, FAKE_RAM + FAKE_RAM_BYTES, 0) == INVALID_ADDRESS);
    EXPECT(call(CPU_ON, 1, ~3ull, 0) == INVALID_ADDRESS);
    EXPECT(call(AFFINITY_INFO, 2, 0, 0) == INVALID_PARAMETERS);
    EXPECT(!vcpu_is_on(&guest.vcpus[1]));
}

TEST(tells_of_each_level_whether_any_cpu_is_on)
{
    fake_guest_new(18);
    EXPECT(call(AFFINITY_INFO, 0x100, 1, 0) == 1);
    EXPECT(call(AFFINITY_INFO, 0x1ff, 1, 0) == 1); /* fields below the level do not count */
    EXPECT(call(AFFINITY_INFO, 0x0ff, 1, 0) == 0);
    EXPECT(call(AFFINITY_INFO, 0x200, 1, 0) == INVALID_PARAMETERS);
    EXPECT(call(AFFINITY_INFO, 0xffff, 2, 0) == 0);
    EXPECT(call(AFFINITY_INFO, 0x10000, 2, 0) == INVALID_PARAMETERS);
    EXPECT(call(AFFINITY_INFO, 0xffffff, 3, 0) == 0);
    EXPECT(call(AFFINITY_INFO, 0x100000000ull, 3, 0) == INVALID_PARAMETERS);
    EXPECT(call(AFFINITY_INFO, 0, 4, 0) == INVALID_PARAMETERS);
    EXPECT(call(AFFINITY_INFO, 0x80000000u, 1, 0) == INVALID_PARAMETERS);
    EXPECT(call(CPU_ON, 0x101, FAKE_RAM, 0) == 0);
    EXPECT(call(AFFINITY_INFO, 0x100, 1, 0) == 0 && call(AFFINITY_INFO, 0x100, 0, 0) == 1);
}

TEST(stands_by_like_a_wait_for_interrupt)
{
    fake_guest_new(1);
    guest.vcpus[0].regs.x[19] = 7;
    EXPECT(call(CPU_SUSPEND, 0, 0, 0) == 0);
    EXPECT(call(CPU_SUSPEND, 0x0300ffff, 0, 0) == 0);
    EXPECT(guest.blocks == 2 && guest.restarts == 0 && guest.vcpus[0].regs.x[19] == 7);
}

TEST(powers_down_and_goes_on_at_the_entry_point)
{
    fake_guest_new(2);
    guest.vcpus[0].regs.x[19] = 7;
    EXPECT(call(CPU_SUSPEND, POWER_DOWN, FAKE_RAM + 8, 0x123456789abcull) == 0x123456789abcll);
    EXPECT(guest.blocks == 1 && guest.restarts == 1);
    EXPECT(guest.vcpus[0].regs.pc == FAKE_RAM + 8 && guest.vcpus[0].regs.x[19] == 0);
}

TEST(refuses_power_states_and_entries_that_are_none)
{
    fake_guest_new(1);
    EXPECT(call(CPU_SUSPEND, 0x20000, FAKE_RAM, 0) == INVALID_PARAMETERS);
    EXPECT(call(CPU_SUSPEND, 0x80000000u, FAKE_RAM, 0) == INVALID_PARAMETERS);
    EXPECT(call(CPU_SUSPEND, POWER_DOWN, FAKE_RAM + 2, 0) == INVALID_ADDRESS);
    EXPECT(call(CPU_SUSPEND, POWER_DOWN, 0, 0) == INVALID_ADDRESS);
    EXPECT(guest.blocks == 0 && guest.restarts == 0);
}

TEST(suspends_a_system_whose_other_cpus_are_off)
{
    fake_guest_new(3);
    guest.vcpus[2].state = VCPU_BLOCKED;
    EXPECT(call(SYSTEM_SUSPEND, FAKE_RAM, 5, 0) == DENIED);
    guest.vcpus[2].state = VCPU_OFF;
    EXPECT(call(SYSTEM_SUSPEND, FAKE_RAM + FAKE_RAM_BYTES, 5, 0) == INVALID_ADDRESS);
    EXPECT(guest.blocks == 0 && guest.restarts == 0);
    EXPECT(call(SYSTEM_SUSPEND, FAKE_RAM, 5, 0) == 5);
    EXPECT(guest.blocks == 1 && guest.restarts == 1 && guest.vcpus[0].regs.pc == FAKE_RAM);
    EXPECT(call(SYSTEM_SUSPEND_32, 0xffffffff00000000ull | FAKE_RAM, ~0ull, 0) == 0xffffffffll);
    EXPECT(guest.shutdown == -1);
}

TEST(turns_the_caller_off_with_its_interrupts)
{
    fake_guest_new(1);
    guest_write(0, GICR_SGI(0) + 0x100, 4, 0xffff);
    call(CPU_OFF, 0, 0, 0);
    EXPECT(!vcpu_is_on(&guest.vcpus[0]));
    EXPECT(guest_read(0, GICR_SGI(0) + 0x100, 4) == 0);
}

TEST(ends_the_domain)
{
    fake_guest_new(1);
    call(SYSTEM_OFF, 0, 0, 0);
    EXPECT(guest.shutdown == SHUTDOWN_POWEROFF);
    fake_guest_new(1);
    call(SYSTEM_RESET, 0, 0, 0);
    EXPECT(guest.shutdown == SHUTDOWN_RESET);
    EXPECT(!guest.domain.warm);
}

TEST(resets_warm_and_in_no_other_way)
{
    fake_guest_new(1);
    EXPECT(call(SYSTEM_RESET2, 1, 0, 0) == INVALID_PARAMETERS);
    EXPECT(call(SYSTEM_RESET2, 0x80000000u, 0, 0) == INVALID_PARAMETERS);
    EXPECT(guest.shutdown == -1);
    call(SYSTEM_RESET2, 0, 0, 0);
    EXPECT(guest.shutdown == SHUTDOWN_RESET && guest.domain.warm);
    call(SYSTEM_RESET, 0, 0, 0);
    EXPECT(!guest.domain.warm);
}
