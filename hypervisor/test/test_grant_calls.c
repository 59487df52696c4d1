/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of calls, and pages that come and go in a guest's map. */
#include <string.h>

#include <xi/arch.h>
#include <xi/hypercall.h>

#include "caller.h"
#include "grant_pair.h"
#include "test.h"

#define MULTICALL 13u
#define LIST (FAKE_RAM + 0x6000u)
#define INDICES (FAKE_RAM + 0x10000u)
#define FRAMES (FAKE_RAM + 0x11000u)
#define ERRORS (FAKE_RAM + 0x12000u)
#define WINDOW (GRANT_WINDOW / 4096)

static struct xen_multicall_entry *list(void)
{
    return (void *)(one.ram + (LIST - FAKE_RAM));
}

/* The call until it is done, as the guest makes it; how often is in pair_rounds. */
static int64_t until_done(uint64_t number, uint64_t a, uint64_t b, uint64_t c)
{
    struct vcpu *v = one.vcpu;
    int64_t answer;

    v->regs.x[0] = a;
    v->regs.x[1] = b;
    v->regs.x[2] = c;
    pair_rounds = 0;
    do {
        v->regs.pc = 0x1004;
        answer = call(0, number, v->regs.x[0], v->regs.x[1], v->regs.x[2]);
        EXPECT(v->regs.x[16] == number && (v->regs.pc == 0x1004 || v->regs.pc == 0x1000));
        pair_rounds++;
    } while (v->regs.pc == 0x1000 && pair_rounds < 10000);
    return answer;
}

static void version_calls(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        list()[i] = (struct xen_multicall_entry){.op = VERSION, .result = 99};
    }
}

TEST(makes_each_call_of_a_list_and_writes_down_its_result)
{
    pair_begin();
    version_calls(5);
    list()[1].args[0] = 99;
    list()[2] = (struct xen_multicall_entry){.op = EVENT, .args = {5, NOWHERE}};
    list()[3].op = (1ull << 32) + VERSION;
    one.vcpu->regs.x[3] = 33;
    EXPECT(until_done(MULTICALL, LIST, 4, 0) == 0 && pair_rounds == 1);
    EXPECT(list()[0].result == (4 << 16 | 17) && list()[1].result == -ENOSYS && list()[2].result == -EFAULT);
    EXPECT(list()[3].result == -ENOSYS && list()[4].result == 99);
    EXPECT(list()[2].args[0] == 5 && list()[2].args[1] == NOWHERE && one.vcpu->regs.x[3] == 33);
}

TEST(makes_a_long_list_of_calls_some_at_a_time)
{
    pair_begin();
    version_calls(100);
    EXPECT(until_done(MULTICALL, LIST, 99 | 1ull << 32, 0) == 0 && pair_rounds == 13);
    for (uint32_t i = 0; i < 100; i++) {
        EXPECT(list()[i].result == (i < 99 ? (4 << 16 | 17) : 99));
    }
}

TEST(makes_one_call_of_a_list_at_a_time_while_an_interrupt_waits)
{
    pair_begin();
    version_calls(10);
    guest.interrupt_waits = true;
    EXPECT(until_done(MULTICALL, LIST, 10, 0) == 0 && pair_rounds == 10);
    guest.interrupt_waits = false;
    EXPECT(list()[0].result == (4 << 16 | 17) && list()[9].result == (4 << 16 | 17));
}

TEST(a_call_of_a_list_that_is_long_itself_is_made_to_its_end)
{
    uint8_t *text = one.ram + 0x9000;

    pair_begin();
    text = one.ram + 0x9000;
    for (uint32_t i = 0; i < 50; i++) {
        text[i] = (uint8_t)('a' + i % 26);
    }
    version_calls(3);
    list()[1] = (struct xen_multicall_entry){.op = CONSOLE, .args = {0, 50, FAKE_RAM + 0x9000}, .result = 99};
    EXPECT(until_done(MULTICALL, LIST, 3, 0) == 0 && pair_rounds == 4);
    EXPECT(list()[0].result == (4 << 16 | 17) && list()[1].result == 0 && list()[2].result == (4 << 16 | 17));
    EXPECT(guest.console_length == 50 && memcmp(guest.console, text, 50) == 0);
}

TEST(lists_of_calls_have_an_end)
{
    pair_begin();
    version_calls(3);
    list()[1] = (struct xen_multicall_entry){.op = MULTICALL, .args = {LIST, 3}, .result = 99};
    EXPECT(until_done(MULTICALL, LIST, 3, 0) == 0 && pair_rounds == 1);
    EXPECT(list()[0].result == (4 << 16 | 17) && list()[1].result == -EINVAL && list()[2].result == (4 << 16 | 17));
    EXPECT(until_done(MULTICALL, NOWHERE, 3, 0) == -EFAULT && until_done(MULTICALL, NOWHERE, 0, 0) == 0);
    /* A list that leaves memory behind its first entry. */
    struct xen_multicall_entry *last = (void *)(one.ram + FAKE_RAM_BYTES - sizeof(*last));
    *last = list()[0];
    last->result = 99;
    EXPECT(until_done(MULTICALL, FAKE_RAM + FAKE_RAM_BYTES - sizeof(*last), 2, 0) == -EFAULT);
    EXPECT(last->result == (4 << 16 | 17));
}

TEST(a_domain_that_ends_by_a_call_makes_no_others)
{
    pair_begin();
    version_calls(2);
    one.domain->dying = true; /* on another CPU */
    EXPECT(until_done(MULTICALL, LIST, 2, 0) == 0 && list()[0].result == 99);
    one.domain->dying = false;
}

/* add_to_physmap_batch. */
static int64_t add(uint16_t domid, uint16_t space, uint16_t count, uint16_t foreign)
{
    struct xen_add_to_physmap_batch a = {domid, space, count, foreign, INDICES, FRAMES, ERRORS};

    memcpy(one.ram + (ARGUMENT - FAKE_RAM), &a, sizeof(a));
    memset(one.ram + (ERRORS - FAKE_RAM), 0x77, 4096);
    return until_done(MEMORY, 23, ARGUMENT, 0);
}

static int32_t error_of(uint32_t i)
{
    int32_t error;

    memcpy(&error, one.ram + (ERRORS - FAKE_RAM) + i * sizeof(error), sizeof(error));
    return error;
}

static void ask(uint32_t i, uint64_t index, uint64_t frame)
{
    memcpy(one.ram + (INDICES - FAKE_RAM) + i * 8, &index, 8);
    memcpy(one.ram + (FRAMES - FAKE_RAM) + i * 8, &frame, 8);
}

TEST(maps_many_shared_pages_by_one_call_and_tells_of_each)
{
    pair_begin();
    for (uint32_t i = 0; i < 40; i++) {
        ask(i, i, WINDOW + i);
    }
    ask(20, 64, WINDOW + 20); /* beyond the table */
    ask(21, 21, ~0ull);
    EXPECT(add(SELF, 1, 40, 0) == 0 && pair_rounds == 3);
    for (uint32_t i = 0; i < 40; i++) {
        const bool bad = i == 20 || i == 21;
        EXPECT(error_of(i) == (bad ? -EINVAL : 0));
        EXPECT(pair_machine(&one, GRANT_WINDOW + i * 4096) == (bad ? 0 : arch_va_to_pa(one.domain->xen->grants[i].page).pa));
    }
    EXPECT(error_of(40) == 0x77777777 && one.domain->xen->grant_frames == 40);
    EXPECT(add(SELF, 0, 1, 0) == 0 && error_of(0) == 0);
    EXPECT(pair_machine(&one, GRANT_WINDOW) == arch_va_to_pa(one.domain->xen->shared.page).pa);
}

TEST(maps_no_pages_of_others_by_their_frames)
{
    pair_begin();
    ask(0, FAKE_RAM / 4096, WINDOW);
    EXPECT(add(SELF, 4, 1, 2) == 0 && error_of(0) == -EPERM); /* a pair, too: grants are the way */
    EXPECT(add(SELF, 4, 1, 77) == 0 && error_of(0) == -ESRCH);
    EXPECT(add(SELF, 2, 1, 0) == 0 && error_of(0) == -ENOSYS && add(SELF, 9, 1, 0) == 0 && error_of(0) == -ENOSYS);
    EXPECT(add(SELF, 3, 1, 0) == -95 && add(SELF, 5, 1, 0) == -13 && error_of(0) == 0x77777777);
    EXPECT(add(2, 1, 1, 0) == -EPERM && add(77, 1, 1, 0) == -ESRCH && add(SELF, 1, 0, 0) == 0);
    EXPECT(pair_descriptor(&one, GRANT_WINDOW) == 0);
    struct xen_add_to_physmap_batch a = {SELF, 1, 1, 0, NOWHERE, FRAMES, ERRORS};
    memcpy(one.ram + (ARGUMENT - FAKE_RAM), &a, sizeof(a));
    EXPECT(until_done(MEMORY, 23, ARGUMENT, 0) == -EFAULT && until_done(MEMORY, 23, NOWHERE, 0) == -EFAULT);
}

static int64_t take_out(uint64_t frame, uint16_t domid)
{
    put(0, domid, 8);
    put(8, frame, 8);
    return call(0, MEMORY, 15, ARGUMENT, 0);
}

TEST(takes_pages_out_of_the_map)
{
    uint32_t handle;

    pair_begin();
    EXPECT(map(0, 0, GRANT_WINDOW) == 0 && take_out(WINDOW, SELF) == 0);
    EXPECT(pair_descriptor(&one, GRANT_WINDOW) == 0 && take_out(WINDOW, SELF) == -ENOENT);
    EXPECT(take_out(FAKE_RAM / 4096 + 9, 1) == 0 && pair_descriptor(&one, FAKE_RAM + 9 * 4096) == 0);
    EXPECT(pair_machine(&one, FAKE_RAM + 8 * 4096) != 0 && pair_machine(&one, FAKE_RAM + 10 * 4096) != 0);
    EXPECT(take_out(GICD / 4096, SELF) == -ENOENT && take_out(~0ull, SELF) == -ENOENT);
    EXPECT(take_out((1ull << 52) + FAKE_RAM / 4096, SELF) == -ENOENT && pair_machine(&one, FAKE_RAM) != 0); /* wraps */
    EXPECT(take_out(FAKE_RAM / 4096, 2) == -EPERM && take_out(FAKE_RAM / 4096, 77) == -ESRCH);
    EXPECT(call(0, MEMORY, 15, NOWHERE, 0) == -EFAULT);
    /* What is granted goes by its handle. */
    pair_grant(&two, 9, &one, FAKE_RAM / 4096 + 16, 0);
    EXPECT(pair_map(&one, &two, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_okay);
    EXPECT(take_out(WINDOW, SELF) == -ENOENT && pair_unmap(&one, handle, GRANT_WINDOW) == GNTST_okay);
}

TEST(tells_how_much_memory_the_domain_has)
{
    pair_begin();
    one.config->memory = 32 << 20;
    put(0, SELF, 4);
    EXPECT(call(0, MEMORY, 3, ARGUMENT, 0) == 8192 && call(0, MEMORY, 4, ARGUMENT, 0) == 8192);
    put(0, 2, 4);
    EXPECT(call(0, MEMORY, 3, ARGUMENT, 0) == -EPERM);
    put(0, 77, 4);
    EXPECT(call(0, MEMORY, 4, ARGUMENT, 0) == -ESRCH && call(0, MEMORY, 3, NOWHERE, 0) == -EFAULT);
}

TEST(answers_what_is_asked_of_build_and_console)
{
    pair_begin();
    memset(one.ram + (ARGUMENT - FAKE_RAM), 0x55, 200);
    EXPECT(call(0, VERSION, 2, ARGUMENT, 0) == 0);
    EXPECT(one.ram[ARGUMENT - FAKE_RAM] == 0 && one.ram[ARGUMENT - FAKE_RAM + 143] == 0);
    EXPECT(one.ram[ARGUMENT - FAKE_RAM + 144] == 0x55 && call(0, VERSION, 2, NOWHERE, 0) == -EFAULT);
    EXPECT(call(0, CONSOLE, 1, 16, ARGUMENT) == 0 && call(0, CONSOLE, 2, 16, ARGUMENT) == -ENOSYS);
}
