/* SPDX-License-Identifier: Apache-2.0 */
/* Xen's hypercalls, but for event channels. */
#include <stdlib.h>
#include <string.h>

#include <xi/arch.h>
#include <xi/hypercall.h>
#include <xi/timer.h>

#include "../xen/state.h"
#include "caller.h"
#include "test.h"

TEST(is_a_xen_4_17)
{
    begin(1);
    EXPECT(call(0, VERSION, 0, 0, 0) == (4 << 16 | 17));
    put(0, 0, 8);
    EXPECT(call(0, VERSION, 6, ARGUMENT, 0) == 0);
    EXPECT((get(4) & 1u << 2) != 0); /* auto-translated */
    EXPECT((get(4) & 1u << 16) != 0);
    config.direct_map = true;
    EXPECT(call(0, VERSION, 6, ARGUMENT, 0) == 0);
    EXPECT((get(4) & 3u << 16) == 2u << 16);
    config.direct_map = false;
    put(0, 1, 4);
    EXPECT(call(0, VERSION, 6, ARGUMENT, 0) == -EINVAL);
    EXPECT(call(0, VERSION, 7, 0, 0) == 4096 && call(0, VERSION, 7, ARGUMENT, 0) == -EINVAL);
}

TEST(knows_no_other_call)
{
    begin(1);
    for (uint64_t number = 0; number < 64; number++) {
        bool known = number == MEMORY || number == VERSION || number == CONSOLE || number == GRANT ||
                     number == ASSIST || number == VCPU || number == SCHED || number == EVENT || number == HVM;
        if (!known) {
            EXPECT(call(0, number, 0, ARGUMENT, 1) == -ENOSYS);
        }
    }
    EXPECT(call(0, ~0ull, 0, 0, 0) == -ENOSYS);
}

TEST(refuses_arguments_that_lead_nowhere)
{
    static const struct {
        uint32_t number, command;
    } calls[] = {{MEMORY, 7}, {VERSION, 6}, {VERSION, 1}, {GRANT, 6}, {GRANT, 8}, {GRANT, 10}, {SCHED, 2}, {HVM, 0},
                 {HVM, 1},    {EVENT, 0},   {EVENT, 1},   {EVENT, 3}, {EVENT, 4}, {EVENT, 5},  {EVENT, 6}, {EVENT, 7},
                 {EVENT, 8},  {EVENT, 9},   {EVENT, 10},  {EVENT, 11}, {EVENT, 12}, {EVENT, 13}};

    begin(1);
    for (uint32_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        EXPECT(call(0, calls[i].number, calls[i].command, NOWHERE, 1) == -EFAULT);
        EXPECT(call(0, calls[i].number, calls[i].command, FAKE_RAM + FAKE_RAM_BYTES, 1) == -EFAULT);
        EXPECT(call(0, calls[i].number, calls[i].command, FAKE_RAM + FAKE_RAM_BYTES - 1, 1) == -EFAULT);
    }
    EXPECT(call(0, VCPU, 10, 0, NOWHERE) == -EFAULT);
    EXPECT(call(0, VCPU, 5, 0, NOWHERE) == -EFAULT);
}

TEST(maps_the_shared_page_and_grant_frames)
{
    uint8_t byte = 0x5a;

    begin(1);
    EXPECT(guest_copy_to(&guest.domain, (ipa_t){SHARED + 100}, &byte, 1) == XI_OK);
    EXPECT(shared[100] == byte);
    put(0, SELF, 4);
    EXPECT(call(0, GRANT, 6, ARGUMENT, 1) == 0);
    EXPECT(get(4) == 1 && get(8) == 64 && get(12) == 0);
    EXPECT(map(1, 3, 0x38003000) == 0);
    EXPECT(guest_copy_to(&guest.domain, (ipa_t){0x38003000}, &byte, 1) == XI_OK);
    EXPECT(guest.domain.xen->grants[3].page[0] == byte);
    put(0, SELF, 4);
    EXPECT(call(0, GRANT, 6, ARGUMENT, 1) == 0);
    EXPECT(get(4) == 4);
    EXPECT(map(1, 64, 0x38004000) == -EINVAL);
    EXPECT(map(1, 1u << 31, 0x38004000) == -EINVAL); /* version 2's status frames */
    EXPECT(map(0, 1, SHARED) == -EINVAL);
    EXPECT(map(4, 0, SHARED) == -ENOSYS);
    EXPECT(map(0, 0, ~0ull) == -EINVAL);
    put(0, 7, 4);
    EXPECT(call(0, MEMORY, 7, ARGUMENT, 0) == -ESRCH);
}

TEST(tells_the_domain_whose_pool_is_empty_and_nobody_else)
{
    uint64_t at = 0x100000000;

    begin(1);
    while (map(0, 0, at) == 0 && at < 0x10000000000 - (2ull << 30)) {
        at += 1ull << 30; /* each wants a table of its own */
    }
    const struct stage2 *tables = &guest.domain.stage2;
    EXPECT(map(0, 0, at) == -12 && tables->pool.size - tables->used < XI_PAGE * 2);
    EXPECT(guest.shutdown == -1);
    /* What it has goes on, and changes where no table is wanted. */
    EXPECT(map(0, 0, 0x100000000 + 0x5000) == 0);
    EXPECT(call(0, VERSION, 0, 0, 0) == (4 << 16 | 17));
}

TEST(grants_are_of_version_1)
{
    begin(1);
    put(0, 2, 4);
    EXPECT(call(0, GRANT, 8, ARGUMENT, 1) == -EINVAL);
    put(0, 1, 4);
    EXPECT(call(0, GRANT, 8, ARGUMENT, 1) == 0);
    put(0, SELF, 4);
    EXPECT(call(0, GRANT, 10, ARGUMENT, 1) == 0 && get(4) == 1);
    EXPECT(call(0, GRANT, 0, ARGUMENT, 1) == -ENOSYS);
}

TEST(tells_parameters_and_takes_none)
{
    begin(1);
    put(0, SELF, 4);
    put(4, 1, 4);
    put(8, 99, 8);
    EXPECT(call(0, HVM, 1, ARGUMENT, 0) == 0 && get(8) == 0); /* no store */
    EXPECT(call(0, HVM, 0, ARGUMENT, 0) == -EPERM);
    put(4, 28, 4); /* there, and not the guest's */
    EXPECT(call(0, HVM, 1, ARGUMENT, 0) == -EPERM && call(0, HVM, 0, ARGUMENT, 0) == -EPERM);
    for (uint32_t i = 0; i < 64; i++) {
        const bool known = i <= 2 || i == 17 || i == 18 || i == 28;
        put(4, i, 4);
        EXPECT((call(0, HVM, 1, ARGUMENT, 0) == -EINVAL) == !known);
        EXPECT(call(0, HVM, 0, ARGUMENT, 0) == (known ? -EPERM : -EINVAL));
    }
    put(4, 0xffffffff, 4);
    EXPECT(call(0, HVM, 0, ARGUMENT, 0) == -EINVAL);
    put(0, 0, 4);
    EXPECT(call(0, HVM, 1, ARGUMENT, 0) == -ESRCH);
    EXPECT(call(0, HVM, 9, ARGUMENT, 0) == -ENOSYS);
}

TEST(refuses_vcpu_info_that_does_not_fit)
{
    begin(2);
    put(0, FAKE_RAM / 4096, 8);
    put(8, 4096 - 40, 8);
    EXPECT(call(0, VCPU, 10, 0, ARGUMENT) == -ENXIO);
    put(8, 4, 8);
    EXPECT(call(0, VCPU, 10, 0, ARGUMENT) == -ENXIO);
    put(8, 0, 8);
    put(0, 0x1000, 8);
    EXPECT(call(0, VCPU, 10, 0, ARGUMENT) == -EINVAL);
    put(0, ~0ull, 8);
    EXPECT(call(0, VCPU, 10, 0, ARGUMENT) == -EINVAL);
    put(0, FAKE_RAM / 4096, 8);
    EXPECT(call(0, VCPU, 10, 2, ARGUMENT) == -ENOENT);
    EXPECT(call(0, VCPU, 0, 0, ARGUMENT) == -EINVAL);
}

TEST(runstate_says_running)
{
    begin(1);
    memset(guest.ram + 0x5fe8, 0xff, 48);
    put(0, FAKE_RAM + 0x5fe8, 8); /* crosses a page */
    EXPECT(call(0, VCPU, 5, 0, ARGUMENT) == 0);
    EXPECT(guest.ram[0x5fe8] == 0);
    uint64_t entry;
    memcpy(&entry, guest.ram + 0x5ff0, sizeof(entry));
    EXPECT(entry == 1000000000);
    put(0, NOWHERE, 8);
    EXPECT(call(0, VCPU, 5, 0, ARGUMENT) == -EFAULT);
}

TEST(writes_to_the_console_in_pieces)
{
    begin(1);
    memset(guest.ram, 'x', 1000);
    guest.vcpus[0].regs.pc = 0x1004;
    EXPECT(call(0, CONSOLE, 0, 1000, FAKE_RAM) == 0);
    EXPECT(guest.vcpus[0].regs.pc == 0x1000); /* again, for the rest */
    EXPECT(guest.vcpus[0].regs.x[1] == 984 && guest.vcpus[0].regs.x[2] == FAKE_RAM + 16);
    EXPECT(guest.console_length == 16);
    guest.vcpus[0].regs.pc = 0x1004;
    EXPECT(call(0, CONSOLE, 0, 5, FAKE_RAM) == 0);
    EXPECT(guest.vcpus[0].regs.pc == 0x1004);
    EXPECT(call(0, CONSOLE, 0, ~0ull, FAKE_RAM) == -EINVAL);
    EXPECT(call(0, CONSOLE, 0, 5, NOWHERE) == -EFAULT);
    EXPECT(call(0, CONSOLE, 1, 5, FAKE_RAM) == -ENOSYS);
}

TEST(schedules_and_shuts_down)
{
    static const struct {
        uint32_t reason;
        int shutdown;
    } ends[] = {{0, SHUTDOWN_POWEROFF}, {1, SHUTDOWN_RESET}, {3, SHUTDOWN_CRASH}, {4, SHUTDOWN_WATCHDOG}};

    begin(1);
    EXPECT(call(0, SCHED, 0, 0, 0) == 0);
    EXPECT(call(0, SCHED, 1, 0, 0) == 0);
    EXPECT(guest.blocks == 1);
    put(0, 2, 4);
    EXPECT(call(0, SCHED, 2, ARGUMENT, 0) == -EINVAL); /* nobody would resume it */
    EXPECT(guest.shutdown == -1);
    for (uint32_t i = 0; i < 4; i++) {
        begin(1);
        put(0, ends[i].reason, 4);
        EXPECT(call(0, SCHED, 2, ARGUMENT, 0) == 0);
        EXPECT(guest.shutdown == ends[i].shutdown);
    }
}

static int64_t watchdog(uint32_t id, uint32_t seconds)
{
    put(0, id, 4);
    put(4, seconds, 4);
    return call(0, SCHED, 6, ARGUMENT, 0);
}

TEST(ends_a_domain_whose_watchdog_is_not_set_anew)
{
    begin(1);
    EXPECT(watchdog(0, 0) == 0 && guest.armed == NULL);
    EXPECT(watchdog(1, 5) == -EINVAL && watchdog(3, 5) == -EINVAL);
    EXPECT(watchdog(0, 5) == 1);
    struct timer *first = guest.armed;
    EXPECT(first->deadline == arch_counter() + 5ull * arch_counter_frequency());
    EXPECT(watchdog(0, 9) == 2 && guest.armed != first);
    EXPECT(watchdog(0, 9) == -ENOSPC);
    EXPECT(watchdog(1, ~0u) == 0 && guest.armed == first);
    EXPECT(first->deadline == arch_counter() + 0xffffffffull * arch_counter_frequency());
    EXPECT(watchdog(1, 0) == 0 && guest.cancelled == first && watchdog(1, 0) == -EINVAL);
    EXPECT(watchdog(0, 1) == 1 && guest.shutdown == -1);
    guest.armed->expired(guest.armed->argument);
    EXPECT(guest.shutdown == SHUTDOWN_WATCHDOG);
    EXPECT(call(0, SCHED, 6, NOWHERE, 0) == -EFAULT);
}

TEST(lets_no_watchdog_bite_that_ran_out_while_it_was_stopped_or_set_anew)
{
    struct timer_queue queue;

    begin(1);
    EXPECT(watchdog(0, 5) == 1);
    struct timer *timer = guest.armed;
    EXPECT(watchdog(1, 0) == 0);
    timer->expired(timer->argument);
    EXPECT(guest.shutdown == -1);
    EXPECT(watchdog(0, 5) == 1);
    timer->queue = &queue; /* on another CPU: it waits again */
    timer->expired(timer->argument);
    EXPECT(guest.shutdown == -1);
    timer->queue = NULL;
    timer->expired(timer->argument);
    EXPECT(guest.shutdown == SHUTDOWN_WATCHDOG);
}

TEST(forgets_watchdogs_when_the_domain_begins_again)
{
    begin(1);
    EXPECT(watchdog(0, 5) == 1);
    xen_domain_close(&guest.domain);
    EXPECT(guest.cancelled != NULL);
    xen_domain_open(&guest.domain);
    EXPECT(watchdog(1, 5) == -EINVAL && watchdog(0, 5) == 1);
}

TEST(assists_with_runstate_only)
{
    begin(1);
    EXPECT(call(0, ASSIST, 0, 5, 0) == 0);
    EXPECT(call(0, ASSIST, 1, 5, 0) == 0);
    EXPECT(call(0, ASSIST, 0, 0, 0) == -EINVAL);
    EXPECT(call(0, ASSIST, 2, 5, 0) == -EINVAL);
}

/* Whatever a guest calls with, it gets an answer and the core lives; numbers near the edges come often. */
static uint64_t any_number(void)
{
    static const uint64_t edges[] = {0, 1, 2, SELF, 63, 64, 1023, 1024, 4095, 4096, 0x7fffffff, 0xffffffff, NOWHERE, ~0ull,
                                     ARGUMENT, SHARED, FAKE_RAM + FAKE_RAM_BYTES - 4};
    uint64_t pick = test_random(24);

    return pick < sizeof(edges) / sizeof(edges[0]) ? edges[pick] : test_random(~0ull);
}

TEST(survives_random_calls)
{
    begin(2);
    for (uint32_t i = 0; i < 200000; i++) {
        for (uint32_t offset = 0; offset < 32; offset += 4) {
            put(offset, any_number(), 4);
        }
        uint64_t number = test_random(8) == 0 ? any_number() : test_random(40);
        uint64_t argument = test_random(4) == 0 ? any_number() : ARGUMENT;
        call((uint32_t)test_random(2), number, test_random(2) == 0 ? test_random(14) : any_number(), argument,
             test_random(2) == 0 ? ARGUMENT : any_number());
        guest_enter(0);
        guest_enter(1);
        for (uint32_t v = 0; v < 2; v++) {
            memset(guest.lrs[v], 0, sizeof(guest.lrs[v]));
            vgic_set_stale(&guest.vcpus[v]);
        }
    }
    EXPECT(guest.domain.vcpu_count == 2);
}
