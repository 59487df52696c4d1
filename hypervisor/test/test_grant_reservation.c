/* SPDX-License-Identifier: Apache-2.0 */
/* Pages that a domain gives away and takes back. */
#include <string.h>

#include <xi/guest_map.h>
#include <xi/hypercall.h>

#include "caller.h"
#include "grant_pair.h"
#include "test.h"

enum { DECREASE = 1, POPULATE = 6 };
#define LIST (FAKE_RAM + 0x6000)
#define FIRST (FAKE_RAM / 4096 + 16)

static struct guest_map guest_pages;

static int64_t reserve(uint64_t command, uint64_t list, uint64_t count, uint32_t order, uint32_t domain)
{
    put(0, list, 8);
    put(8, count, 8);
    put(16, order, 4);
    put(20, 0, 4);
    put(24, domain, 4);
    guest.vcpus[0].regs.pc = 0x1004;
    int64_t answer = call(0, MEMORY, command, ARGUMENT, 0);
    while (guest.vcpus[0].regs.pc == 0x1000) {
        guest.vcpus[0].regs.pc = 0x1004;
        answer = call(0, MEMORY, (uint64_t)answer, ARGUMENT, 0);
    }
    return answer;
}

static void begin_list(uint32_t count)
{
    pair_begin();
    guest_pages = (struct guest_map){.bank_count = 1, .banks = {{{FAKE_RAM}, {one.ram_machine}, FAKE_RAM_BYTES}}};
    guest.domain.map = &guest_pages;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t gfn = FIRST + i;
        memcpy(one.ram + (LIST - FAKE_RAM) + i * 8, &gfn, 8);
    }
}

TEST(gives_pages_away_and_takes_the_same_ones_back)
{
    begin_list(40);
    EXPECT(reserve(DECREASE, LIST, 40, 0, SELF) == 40);
    for (uint64_t i = 0; i < 40; i++) {
        EXPECT(pair_descriptor(&one, (FIRST + i) * 4096) == 0);
    }
    EXPECT(pair_machine(&one, (FIRST + 40) * 4096) == one.ram_machine + 56 * 4096);
    EXPECT(reserve(DECREASE, LIST, 40, 0, SELF) == 40); /* again */
    EXPECT(reserve(POPULATE, LIST, 40, 0, SELF) == 40);
    for (uint64_t i = 0; i < 40; i++) {
        EXPECT(pair_machine(&one, (FIRST + i) * 4096) == one.ram_machine + (16 + i) * 4096);
    }
}

TEST(gives_no_page_that_is_not_the_domains_memory)
{
    uint64_t outside[] = {GRANT_WINDOW / 4096, ~0ull, FAKE_RAM / 4096 + FAKE_RAM_BYTES / 4096, GICD / 4096};

    for (uint32_t i = 0; i < 4; i++) {
        begin_list(4);
        memcpy(one.ram + (LIST - FAKE_RAM) + 2 * 8, &outside[i], 8);
        EXPECT(reserve(POPULATE, LIST, 4, 0, SELF) == 2 && reserve(DECREASE, LIST, 4, 0, SELF) == 2);
        EXPECT(pair_machine(&one, (FIRST + 3) * 4096) != 0 && pair_descriptor(&one, GRANT_WINDOW) == 0);
    }
    EXPECT(reserve(DECREASE, LIST, 4, 1, SELF) == -EINVAL && reserve(DECREASE, LIST, 1ull << 26, 0, SELF) == -EINVAL);
    EXPECT(reserve(DECREASE, LIST, 4, 0, 2) == 0 && reserve(DECREASE, NOWHERE, 4, 0, SELF) == -EFAULT);
    EXPECT(reserve(DECREASE | 9 << 6, LIST, 4, 0, SELF) == 9); /* a count that it makes up */
    EXPECT(call(0, MEMORY, DECREASE, NOWHERE, 0) == -EFAULT && call(0, MEMORY, 0, ARGUMENT, 0) == -ENOSYS);
}
