/* SPDX-License-Identifier: Apache-2.0 */
/* The heap against a page bitmap, which is the obvious slow way. */
#include <string.h>

#include <fake/machine.h>
#include <xi/arch.h>
#include <xi/pages.h>

#include "test.h"

#define START FAKE_MEMORY_START
#define PAGES 8192u /* 32 MiB */

static struct page_heap heap;
static bool free_page[PAGES];

static void heap_of(uint64_t bytes)
{
    pages_init(&heap);
    EXPECT(pages_add(&heap, (struct pa_range){{START}, bytes}) == XI_OK);
}

static bool is_free(uint64_t pa)
{
    for (uint32_t i = 0; i < heap.count; i++) {
        if (range_contains(heap.free[i].start.pa, heap.free[i].size, pa, XI_PAGE)) {
            return true;
        }
    }
    return false;
}

static void compare(void)
{
    for (uint32_t i = 0; i < PAGES; i++) {
        if (is_free(START + i * XI_PAGE) != free_page[i]) {
            EXPECT(!"heap and bitmap differ");
            return;
        }
    }
    for (uint32_t i = 1; i < heap.count; i++) {
        EXPECT(heap.free[i - 1].start.pa + heap.free[i - 1].size < heap.free[i].start.pa);
    }
}

TEST(agrees_with_a_bitmap_whatever_is_added_and_set_aside)
{
    for (uint32_t history = 0; history < 40; history++) {
        pages_init(&heap);
        memset(free_page, 0, sizeof(free_page));
        for (uint32_t n = 0; n < 60; n++) {
            uint64_t start = test_random(PAGES * XI_PAGE), size = test_random(PAGES * XI_PAGE - start) / 4;
            bool add = test_random(2) == 0;
            struct pa_range range = {{START + start}, size};
            EXPECT((add ? pages_add(&heap, range) : pages_set_aside(&heap, range)) == XI_OK);
            uint64_t first = add ? (start + XI_PAGE - 1) / XI_PAGE : start / XI_PAGE;
            uint64_t end = add ? (start + size) / XI_PAGE : (start + size + XI_PAGE - 1) / XI_PAGE;
            for (uint64_t i = first; i < end && size != 0; i++) {
                free_page[i] = add;
            }
        }
        compare();
    }
}

TEST(gives_the_lowest_range_that_holds_all)
{
    struct pa_range pieces[4];
    uint32_t count;

    heap_of(16u << 20);
    EXPECT(pages_set_aside(&heap, (struct pa_range){{START + (3u << 20)}, XI_PAGE}) == XI_OK);
    EXPECT(pages_take(&heap, 4u << 20, pieces, 4, &count) == XI_OK);
    EXPECT(count == 1 && pieces[0].start.pa == START + (4u << 20) && pieces[0].size == 4u << 20);
    EXPECT(pages_take(&heap, 2u << 20, pieces, 4, &count) == XI_OK && pieces[0].start.pa == START);
}

TEST(puts_large_memory_together_from_the_largest_pieces)
{
    struct pa_range pieces[4];
    uint32_t count;

    heap_of(16u << 20);
    EXPECT(pages_set_aside(&heap, (struct pa_range){{START + (6u << 20)}, XI_PAGE}) == XI_OK);
    EXPECT(pages_take(&heap, 12u << 20, pieces, 4, &count) == XI_OK && count == 2);
    EXPECT(pieces[0].start.pa == START + (8u << 20) && pieces[0].size == 8u << 20);
    EXPECT(pieces[1].start.pa == START && pieces[1].size == 4u << 20);
}

TEST(takes_the_lowest_of_pieces_that_are_equally_large)
{
    struct pa_range pieces[4];
    uint32_t count;

    heap_of(16u << 20);
    EXPECT(pages_set_aside(&heap, (struct pa_range){{START + (4u << 20)}, 2u << 20}) == XI_OK);
    EXPECT(pages_set_aside(&heap, (struct pa_range){{START + (10u << 20)}, 6u << 20}) == XI_OK);
    EXPECT(pages_take(&heap, 6u << 20, pieces, 4, &count) == XI_OK && count == 2);
    EXPECT(pieces[0].start.pa == START && pieces[0].size == 4u << 20);
    EXPECT(pieces[1].start.pa == START + (6u << 20) && pieces[1].size == 2u << 20);
}

TEST(takes_nothing_when_there_is_not_enough)
{
    struct pa_range pieces[4];
    uint32_t count;

    heap_of(16u << 20);
    for (uint32_t i = 1; i < 4; i++) {
        EXPECT(pages_set_aside(&heap, (struct pa_range){{START + i * (4u << 20)}, XI_PAGE}) == XI_OK);
    }
    uint64_t total = pages_total(&heap);
    EXPECT(pages_take(&heap, 32u << 20, pieces, 4, &count) == XI_ERR_NO_MEMORY && pages_total(&heap) == total);
    EXPECT(pages_take(&heap, 8u << 20, pieces, 1, &count) == XI_ERR_NO_SPACE && pages_total(&heap) == total);
}

TEST(gives_the_core_zeroed_memory_from_the_top)
{
    heap_of(4u << 20);
    memset(arch_pa_to_va((pa_t){START}), 0xaa, 4u << 20);
    uint8_t *top = pages_alloc(&heap, 5000, XI_PAGE);
    EXPECT(arch_va_to_pa(top).pa == START + (4u << 20) - 2 * XI_PAGE && top[0] == 0 && top[8191] == 0);
    EXPECT(arch_va_to_pa(pages_alloc(&heap, XI_PAGE, XI_BLOCK)).pa == START + (2u << 20));
    EXPECT(pages_set_aside(&heap, (struct pa_range){{START + XI_PAGE}, XI_PAGE}) == XI_OK);
    EXPECT(arch_va_to_pa(pages_alloc(&heap, XI_PAGE, XI_PAGE)).pa == START + (4u << 20) - 3 * XI_PAGE);
    EXPECT(pages_alloc(&heap, 16u << 20, XI_PAGE) == NULL && pages_alloc(&heap, 0, XI_PAGE) == NULL);
}

TEST(refuses_ranges_beyond_any_machine)
{
    pages_init(&heap);
    EXPECT(pages_add(&heap, (struct pa_range){{UINT64_MAX - 10}, 100}) == XI_ERR_RANGE);
    EXPECT(pages_set_aside(&heap, (struct pa_range){{0}, UINT64_MAX}) == XI_ERR_RANGE);
}
