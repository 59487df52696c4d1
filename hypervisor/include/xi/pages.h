/* SPDX-License-Identifier: Apache-2.0 */
/* The heap: machine memory that has no owner yet, as ranges of whole pages. Boot only, one CPU.
 *
 * Domains take from below, in order (compiler/layout predicts exactly that); the core's own structures come
 * from the top, after all domains have theirs. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/range.h>
#include <xi/types.h>

#define PAGES_MAX_RANGES 1024u

struct page_heap {
    uint32_t count;
    struct pa_range free[PAGES_MAX_RANGES]; /* by start, disjoint, not touching; whole pages */
};

void pages_init(struct page_heap *heap);
/* Adds the whole pages inside the range; what is there already stays. XI_ERR_NO_SPACE, XI_ERR_RANGE (wraps). */
XI_MUST_CHECK xi_err pages_add(struct page_heap *heap, struct pa_range range);
/* Takes out every page that the range touches. XI_ERR_NO_SPACE, XI_ERR_RANGE. */
XI_MUST_CHECK xi_err pages_set_aside(struct page_heap *heap, struct pa_range range);
uint64_t pages_total(const struct page_heap *heap);

/* Memory for a domain, `size` bytes of whole pages, each piece beginning at 2 MiB: the lowest range that holds
 * all of what is missing; where none does, the largest run of whole 2 MiB, and so on. All or nothing.
 * XI_ERR_NO_MEMORY, XI_ERR_NO_SPACE (more pieces than `limit`). */
XI_MUST_CHECK xi_err pages_take(struct page_heap *heap, uint64_t size, struct pa_range *pieces, uint32_t limit,
                                uint32_t *count);

/* Zeroed memory for the core, from the top of the highest range that has room; whole pages, aligned to
 * `align` (a power of two, at least a page). NULL when there is none. */
void *pages_alloc(struct page_heap *heap, uint64_t size, uint64_t align);
