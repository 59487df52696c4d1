/* SPDX-License-Identifier: Apache-2.0 */
/* Stage-2 tables against a plain array of page translations, and against the rules of break-before-make. */
#include <string.h>

#include <fake/machine.h>
#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/stage2.h>

#include "test.h"

#define POOL_SIZE (8u << 20)
#define WINDOW 2048u /* pages of guest space that random histories use: 8 MiB */
#define GUEST 0x40000000ull
#define MACHINE 0x800000000ull /* never touched by the core: no host memory behind it */

static struct stage2 s2;
static uint64_t model[WINDOW]; /* machine address; 0: nothing */

static void fresh(uint32_t bits)
{
    stage2_set_address_bits(bits);
    struct pa_range pool = {{FAKE_MEMORY_START}, POOL_SIZE};
    EXPECT(stage2_init(&s2, 3, pool) == XI_OK);
    memset(model, 0, sizeof(model));
}

static uint64_t translate(uint64_t guest)
{
    pa_t machine;

    return stage2_translate(&s2, (ipa_t){guest}, &machine) == XI_OK ? machine.pa : 0;
}

static void compare(void)
{
    for (uint32_t i = 0; i < WINDOW; i++) {
        uint64_t at = GUEST + i * XI_PAGE, expected = model[i] == 0 ? 0 : model[i] + 0x123;
        if (translate(at + 0x123) != expected || stage2_is_mapped(&s2, (ipa_t){at}) != (model[i] != 0)) {
            EXPECT(!"tables and model differ");
            return;
        }
    }
}

static void random_step(void)
{
    uint32_t first = (uint32_t)test_random(WINDOW), count = (uint32_t)test_random(WINDOW - first) + 1;
    ipa_t guest = {GUEST + first * XI_PAGE};

    if (test_random(3) == 0) {
        EXPECT(stage2_unmap(&s2, guest, count * (uint64_t)XI_PAGE) == XI_OK);
        memset(&model[first], 0, count * sizeof(model[0]));
        return;
    }
    /* Half of them can be blocks. */
    uint64_t machine = MACHINE + (test_random(2) == 0 ? first : test_random(100000)) * XI_PAGE;
    EXPECT(stage2_map(&s2, guest, (pa_t){machine}, count * (uint64_t)XI_PAGE, STAGE2_RAM) == XI_OK);
    for (uint32_t i = 0; i < count; i++) {
        model[first + i] = machine + i * (uint64_t)XI_PAGE;
    }
}

TEST(translates_as_a_plain_array_would)
{
    static const uint32_t bits[] = {36, 40, 42, 44, 48};

    for (uint32_t b = 0; b < 5; b++) {
        for (uint32_t history = 0; history < 8; history++) {
            fresh(bits[b]);
            for (uint32_t n = 0; n < 12; n++) {
                random_step();
            }
            compare();
        }
    }
}

TEST(uses_the_largest_blocks_that_fit)
{
    fresh(40);
    uint64_t root = s2.used;
    EXPECT(stage2_map(&s2, (ipa_t){0x40000000}, (pa_t){0x840000000}, XI_GIB(2), STAGE2_RAM) == XI_OK);
    EXPECT(s2.used == root); /* two 1 GiB blocks in the root */
    EXPECT(stage2_map(&s2, (ipa_t){0xc0000000}, (pa_t){0x900200000}, XI_MIB(64), STAGE2_RAM) == XI_OK);
    EXPECT(s2.used == root + XI_PAGE); /* 2 MiB blocks */
    EXPECT(translate(0xc0000000 + XI_MIB(33) + 5) == 0x900200000 + XI_MIB(33) + 5);
}

TEST(needs_no_more_tables_than_it_says)
{
    static const uint32_t bits[] = {40, 44};

    for (uint32_t n = 0; n < 200; n++) {
        struct guest_bank banks[3];
        uint64_t guest = 0x40000000, machine = 0x800000000;
        stage2_set_address_bits(bits[n % 2]);
        for (uint32_t i = 0; i < 3; i++) {
            uint64_t align = test_random(2) == 0 ? XI_PAGE : XI_BLOCK;
            guest += test_random(64) * align;
            machine += test_random(64) * align;
            banks[i] = (struct guest_bank){{guest}, {machine}, (test_random(5000) + 1) * (align / 64)};
            banks[i].size = (banks[i].size + XI_PAGE - 1) / XI_PAGE * XI_PAGE;
            guest += banks[i].size;
            machine += banks[i].size;
        }
        struct pa_range pool = {{FAKE_MEMORY_START}, stage2_pool_size(banks, 3, 1)};
        EXPECT(stage2_init(&s2, 1, pool) == XI_OK);
        for (uint32_t i = 0; i < 3; i++) {
            EXPECT(stage2_map(&s2, banks[i].guest, banks[i].machine, banks[i].size, STAGE2_RAM) == XI_OK);
        }
        EXPECT(stage2_map(&s2, (ipa_t){0x200000000 + test_random(1000) * XI_PAGE}, (pa_t){0x800000000}, XI_PAGE,
                          STAGE2_RAM) == XI_OK);
    }
}

static uint64_t seen_at_flush;

static void look(void)
{
    uint64_t *entry = arch_pa_to_va(s2.root);

    seen_at_flush = entry[1]; /* the 1 GiB entry for GUEST */
}

TEST(breaks_before_it_makes)
{
    fresh(40);
    EXPECT(stage2_map(&s2, (ipa_t){GUEST}, (pa_t){0x840000000}, XI_GIB(1), STAGE2_RAM) == XI_OK);
    seen_at_flush = 1;
    fake_on_flush = look;
    EXPECT(stage2_unmap(&s2, (ipa_t){GUEST + XI_PAGE}, XI_PAGE) == XI_OK);
    EXPECT(seen_at_flush != 1);
    fake_on_flush = NULL;
    EXPECT(translate(GUEST) == 0x840000000 && translate(GUEST + XI_PAGE) == 0);
    EXPECT(translate(GUEST + XI_GIB(1) - 1) == 0x840000000 + XI_GIB(1) - 1);
    fresh(40);
    EXPECT(stage2_map(&s2, (ipa_t){GUEST}, (pa_t){0x840000000}, XI_GIB(1), STAGE2_RAM) == XI_OK);
    fake_on_flush = look;
    EXPECT(stage2_map(&s2, (ipa_t){GUEST}, (pa_t){0x880000000}, XI_GIB(1), STAGE2_RAM) == XI_OK);
    fake_on_flush = NULL;
    EXPECT(seen_at_flush == 0 && translate(GUEST) == 0x880000000);
}

TEST(maps_the_same_again_without_a_flush)
{
    fresh(40);
    EXPECT(stage2_map(&s2, (ipa_t){GUEST}, (pa_t){0x840000000}, XI_MIB(4), STAGE2_RAM) == XI_OK);
    fake_page_flushes = fake_full_flushes = 0;
    EXPECT(stage2_map(&s2, (ipa_t){GUEST}, (pa_t){0x840000000}, XI_MIB(4), STAGE2_RAM) == XI_OK);
    EXPECT(fake_page_flushes == 0 && fake_full_flushes == 0);
}

TEST(keeps_devices_apart_from_memory)
{
    fresh(40);
    EXPECT(stage2_map(&s2, (ipa_t){0x9000000}, (pa_t){0x9000000}, XI_PAGE, STAGE2_DEVICE) == XI_OK);
    EXPECT(translate(0x9000000) == 0 && stage2_is_mapped(&s2, (ipa_t){0x9000000}));
}

/* The last level's entry for `guest`, found by hand from the root: level 1 and 40 bits, so two tables in a row. */
static uint64_t page_entry(uint64_t guest)
{
    const uint64_t *level1 = arch_pa_to_va((pa_t){FAKE_MEMORY_START});
    const uint64_t *level2 = arch_pa_to_va((pa_t){level1[guest >> 30] & 0xfffffffff000});
    const uint64_t *level3 = arch_pa_to_va((pa_t){level2[guest >> 21 & 511] & 0xfffffffff000});

    return level3[guest >> 12 & 511];
}

/* Arm ARM (DDI 0487), VMSAv8-64 stage 2 descriptors: MemAttr [5:2], S2AP [7:6], SH [9:8], AF 10, XN 54;
 * bits 1 and 0: a page. */
TEST(lets_guests_run_memory_but_not_devices)
{
    fresh(40);
    EXPECT(stage2_map(&s2, (ipa_t){GUEST}, (pa_t){MACHINE}, XI_PAGE, STAGE2_RAM) == XI_OK);
    EXPECT(page_entry(GUEST) == (MACHINE | 0xf << 2 | 3 << 6 | 3 << 8 | 1 << 10 | 3));
    EXPECT(stage2_map(&s2, (ipa_t){GUEST}, (pa_t){MACHINE}, XI_PAGE, STAGE2_DEVICE) == XI_OK);
    EXPECT(page_entry(GUEST) == (MACHINE | 1ull << 54 | 3 << 6 | 1 << 10 | 3)); /* nGnRnE: 0 */
}

TEST(ends_with_its_own_pool)
{
    stage2_set_address_bits(40);
    struct pa_range pool = {{FAKE_MEMORY_START}, 2 * XI_PAGE + 3 * XI_PAGE};
    EXPECT(stage2_init(&s2, 1, pool) == XI_OK);
    EXPECT(stage2_map(&s2, (ipa_t){GUEST}, (pa_t){MACHINE}, XI_PAGE, STAGE2_RAM) == XI_OK);
    EXPECT(stage2_map(&s2, (ipa_t){GUEST + XI_MIB(4)}, (pa_t){MACHINE}, XI_PAGE, STAGE2_RAM) == XI_OK);
    EXPECT(stage2_map(&s2, (ipa_t){GUEST + XI_MIB(8)}, (pa_t){MACHINE}, XI_PAGE, STAGE2_RAM) == XI_ERR_NO_MEMORY);
    EXPECT(translate(GUEST) == MACHINE);
    stage2_clear(&s2);
    EXPECT(translate(GUEST) == 0);
    EXPECT(stage2_map(&s2, (ipa_t){GUEST + XI_MIB(8)}, (pa_t){MACHINE}, XI_PAGE, STAGE2_RAM) == XI_OK);
}

TEST(refuses_what_is_unaligned_or_out_of_range)
{
    fresh(40);
    EXPECT(stage2_map(&s2, (ipa_t){GUEST + 1}, (pa_t){MACHINE}, XI_PAGE, STAGE2_RAM) == XI_ERR_ALIGN);
    EXPECT(stage2_map(&s2, (ipa_t){GUEST}, (pa_t){MACHINE}, 100, STAGE2_RAM) == XI_ERR_ALIGN);
    EXPECT(stage2_map(&s2, (ipa_t){1ull << 40}, (pa_t){MACHINE}, XI_PAGE, STAGE2_RAM) == XI_ERR_RANGE);
    EXPECT(stage2_map(&s2, (ipa_t){GUEST}, (pa_t){MACHINE}, ~0ull - 0xfff, STAGE2_RAM) == XI_ERR_RANGE);
    EXPECT(translate(1ull << 40) == 0 && translate(~0ull) == 0);
}

TEST(tells_the_cpu_the_shape_of_its_tables)
{
    stage2_set_address_bits(40);
    EXPECT((stage2_vtcr() & 0x3f) == 24 && (stage2_vtcr() >> 6 & 3) == 1 && (stage2_vtcr() >> 16 & 7) == 2);
    EXPECT(stage2_pool_align() == 2 * XI_PAGE);
    stage2_set_address_bits(44);
    EXPECT((stage2_vtcr() & 0x3f) == 20 && (stage2_vtcr() >> 6 & 3) == 2 && (stage2_vtcr() >> 16 & 7) == 4);
    EXPECT(stage2_pool_align() == XI_PAGE);
    stage2_set_address_bits(52);
    EXPECT(stage2_address_bits() == 48);
    fresh(40);
    EXPECT(stage2_vttbr(&s2) == (FAKE_MEMORY_START | 3ull << 48));
}

TEST(an_empty_pool_is_its_domains_own_error)
{
    enum { PAGES = 6 };
    static uint8_t before[PAGES * XI_PAGE];
    const uint64_t size = PAGES * (uint64_t)XI_PAGE;
    struct stage2 poor, neighbour;
    pa_t machine;
    uint64_t at = GUEST;

    stage2_set_address_bits(40);
    uint64_t align = stage2_pool_align(), step = xi_align_up(size, align);
    EXPECT(stage2_init(&poor, 1, (struct pa_range){{FAKE_MEMORY_START}, size}) == XI_OK);
    EXPECT(stage2_init(&neighbour, 2, (struct pa_range){{FAKE_MEMORY_START + step}, size}) == XI_OK);
    EXPECT(stage2_map(&neighbour, (ipa_t){GUEST}, (pa_t){MACHINE}, XI_PAGE, STAGE2_RAM) == XI_OK);
    memcpy(before, arch_pa_to_va((pa_t){FAKE_MEMORY_START + step}), sizeof(before));
    /* A table for each page, until there is none. */
    while (stage2_map(&poor, (ipa_t){at}, (pa_t){MACHINE}, XI_PAGE, STAGE2_RAM) == XI_OK && at < GUEST + XI_GIB(64)) {
        at += XI_GIB(1);
    }
    EXPECT(at > GUEST && at < GUEST + XI_GIB(8));
    EXPECT(stage2_map(&poor, (ipa_t){at}, (pa_t){MACHINE}, XI_PAGE, STAGE2_RAM) == XI_ERR_NO_MEMORY);
    EXPECT(poor.used <= size);
    EXPECT(stage2_translate(&poor, (ipa_t){GUEST}, &machine) == XI_OK && machine.pa == MACHINE);
    EXPECT(memcmp(before, arch_pa_to_va((pa_t){FAKE_MEMORY_START + step}), sizeof(before)) == 0);
    EXPECT(stage2_map(&neighbour, (ipa_t){GUEST + XI_GIB(1)}, (pa_t){MACHINE}, XI_PAGE, STAGE2_RAM) == XI_OK);
}
