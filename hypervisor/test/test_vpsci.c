/* SPDX-License-Identifier: Apache-2.0 */
/* Power control calls. */
#include <xi/vpsci.h>

#include "fake_guest.h"
#include "test.h"

enum { NOT_SUPPORTED = -1, INVALID_PARAMETERS = -2, ALREADY_ON = -4, INVALID_ADDRESS = -9 };

#define VERSION 0x84000000u
#define CPU_SUSPEND 0xc4000001u
#define CPU_OFF 0x84000002u
#define CPU_ON_32 0x84000003u
#define CPU_ON 0xc4000003u
#define AFFINITY_INFO 0xc4000004u
#define SYSTEM_OFF 0x84000008u
#define SYSTEM_RESET 0x84000009u
#define FEATURES 0x8400000au

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
    fake_guest_new(1);
    EXPECT(call(VERSION, 0, 0, 0) == 0x10001);
    EXPECT(call(0x80000000u, 0, 0, 0) == 0x10002);
    EXPECT(call(FEATURES, CPU_ON, 0, 0) == 0);
    EXPECT(call(FEATURES, CPU_ON | 0x100, 0, 0) == NOT_SUPPORTED);
    EXPECT(call(FEATURES, 0x80000000u, 0, 0) == 0);
    EXPECT(call(0x84000006u, 0, 0, 0) == 2);
    EXPECT(call(0x80000001u, 0x80008000u, 0, 0) == NOT_SUPPORTED); /* no workaround calls */
}

TEST(knows_no_other_function)
{
    fake_guest_new(1);
    EXPECT(call(0x84000005u, 0, 0, 0) == NOT_SUPPORTED);
    EXPECT(call(0x80008000u, 0, 0, 0) == NOT_SUPPORTED);
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
    EXPECT(call(AFFINITY_INFO, 1, 1, 0) == INVALID_PARAMETERS);
    EXPECT(!vcpu_is_on(&guest.vcpus[1]));
}

TEST(suspends_like_a_wait_for_interrupt)
{
    fake_guest_new(1);
    EXPECT(call(CPU_SUSPEND, 0x10000, FAKE_RAM, 0) == 0);
    EXPECT(guest.blocks == 1);
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
}
