/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/check.h>
#include <xi/pages.h>
#include <xi/string.h>

void pages_init(struct page_heap *heap)
{
    heap->count = 0;
}

static uint64_t end_of(struct pa_range range)
{
    return range.start.pa + range.size;
}

static bool wraps(struct pa_range range)
{
    /* Beyond 2^52 there is no machine memory; below it, rounding up to a page cannot wrap either. */
    return !range_fits(range.start.pa, range.size, 1ULL << 52);
}

static void remove_at(struct page_heap *heap, uint32_t index)
{
    heap->count--;
    memmove(&heap->free[index], &heap->free[index + 1], (heap->count - index) * sizeof(heap->free[0]));
}

static xi_err insert_at(struct page_heap *heap, uint32_t index, uint64_t start, uint64_t end)
{
    if (heap->count == PAGES_MAX_RANGES) {
        return XI_ERR_NO_SPACE;
    }
    memmove(&heap->free[index + 1], &heap->free[index], (heap->count - index) * sizeof(heap->free[0]));
    heap->free[index] = (struct pa_range){{start}, end - start};
    heap->count++;
    return XI_OK;
}

xi_err pages_add(struct page_heap *heap, struct pa_range range)
{
    if (wraps(range)) {
        return XI_ERR_RANGE;
    }
    uint64_t start = xi_align_up(range.start.pa, XI_PAGE), end = xi_align_down(end_of(range), XI_PAGE);
    if (start >= end) {
        return XI_OK;
    }
    uint32_t index = 0;
    while (index < heap->count && end_of(heap->free[index]) < start) {
        index++;
    }
    /* Joins everything that it touches. */
    while (index < heap->count && heap->free[index].start.pa <= end) {
        start = heap->free[index].start.pa < start ? heap->free[index].start.pa : start;
        end = end_of(heap->free[index]) > end ? end_of(heap->free[index]) : end;
        remove_at(heap, index);
    }
    return insert_at(heap, index, start, end);
}

/* Takes [start, end) out of the free range at `index`; what is left before and behind stays. */
static xi_err cut(struct page_heap *heap, uint32_t index, uint64_t start, uint64_t end)
{
    struct pa_range *range = &heap->free[index];
    uint64_t old_start = range->start.pa, old_end = end_of(*range);

    if (old_start < start) {
        range->size = start - old_start;
        return end < old_end ? insert_at(heap, index + 1, end, old_end) : XI_OK;
    }
    if (end < old_end) {
        *range = (struct pa_range){{end}, old_end - end};
    } else {
        remove_at(heap, index);
    }
    return XI_OK;
}

xi_err pages_set_aside(struct page_heap *heap, struct pa_range range)
{
    if (wraps(range)) {
        return XI_ERR_RANGE;
    }
    if (range.size == 0) {
        return XI_OK;
    }
    uint64_t start = xi_align_down(range.start.pa, XI_PAGE), end = xi_align_up(end_of(range), XI_PAGE);
    /* From the back: cutting changes only what is behind. */
    for (uint32_t i = heap->count; i-- > 0;) {
        struct pa_range free = heap->free[i];
        if (end <= free.start.pa || end_of(free) <= start) {
            continue;
        }
        xi_err err = cut(heap, i, start > free.start.pa ? start : free.start.pa,
                         end < end_of(free) ? end : end_of(free));
        if (err != XI_OK) {
            return err;
        }
    }
    return XI_OK;
}

uint64_t pages_total(const struct page_heap *heap)
{
    uint64_t total = 0;

    for (uint32_t i = 0; i < heap->count; i++) {
        total += heap->free[i].size;
    }
    return total;
}

/* The part of a free range that begins at 2 MiB. */
static struct pa_range from_block(struct pa_range free)
{
    uint64_t start = xi_align_up(free.start.pa, XI_BLOCK);

    return (struct pa_range){{start}, start < end_of(free) ? end_of(free) - start : 0};
}

static uint32_t lowest_that_holds(const struct page_heap *heap, uint64_t size)
{
    for (uint32_t i = 0; i < heap->count; i++) {
        if (from_block(heap->free[i]).size >= size) {
            return i;
        }
    }
    return heap->count;
}

/* The range with the longest run of whole blocks, the lowest on ties. */
static uint32_t largest(const struct page_heap *heap)
{
    uint32_t best = heap->count;
    uint64_t best_size = 0;

    for (uint32_t i = 0; i < heap->count; i++) {
        uint64_t size = xi_align_down(from_block(heap->free[i]).size, XI_BLOCK);
        if (size > best_size) {
            best = i;
            best_size = size;
        }
    }
    return best;
}

xi_err pages_take(struct page_heap *heap, uint64_t size, struct pa_range *pieces, uint32_t limit, uint32_t *count)
{
    uint32_t taken = 0;
    xi_err err = XI_OK;

    for (uint64_t left = size; left != 0 && err == XI_OK;) {
        uint32_t index = lowest_that_holds(heap, left);
        uint64_t part = left;
        if (index == heap->count) {
            index = largest(heap);
            part = index == heap->count ? 0 : xi_align_down(from_block(heap->free[index]).size, XI_BLOCK);
        }
        if (part == 0 || taken == limit) {
            err = part == 0 ? XI_ERR_NO_MEMORY : XI_ERR_NO_SPACE;
            break;
        }
        uint64_t start = from_block(heap->free[index]).start.pa;
        err = cut(heap, index, start, start + part);
        if (err == XI_OK) {
            pieces[taken++] = (struct pa_range){{start}, part};
            left -= part;
        }
    }
    if (err != XI_OK) {
        /* Room for them was there before, so it is there now. */
        while (taken-- > 0) {
            XI_CHECK(pages_add(heap, pieces[taken]) == XI_OK);
        }
        return err;
    }
    *count = taken;
    return XI_OK;
}

void *pages_alloc(struct page_heap *heap, uint64_t size, uint64_t align)
{
    size = xi_align_up(size, XI_PAGE);
    for (uint32_t i = heap->count; i-- > 0 && size != 0;) {
        struct pa_range free = heap->free[i];
        if (free.size < size) {
            continue;
        }
        uint64_t start = xi_align_down(end_of(free) - size, align);
        if (start >= free.start.pa && cut(heap, i, start, start + size) == XI_OK) {
            void *memory = arch_pa_to_va((pa_t){start});
            memset(memory, 0, size);
            return memory;
        }
    }
    return NULL;
}
