/* SPDX-License-Identifier: Apache-2.0 */
/* Half-open ranges [start, start + size), compared without ever wrapping. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/types.h>

struct pa_range {
    pa_t start;
    uint64_t size; /* bytes */
};

struct ipa_range {
    ipa_t start;
    uint64_t size; /* bytes */
};

/* Whether [start, start + size) ends at or before `limit`. */
static inline bool range_fits(uint64_t start, uint64_t size, uint64_t limit)
{
    return start <= limit && size <= limit - start;
}

/* Both ranges must not wrap; an empty range overlaps nothing. */
static inline bool range_overlaps(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
    return a_size != 0 && b_size != 0 && (a < b ? b - a < a_size : a - b < b_size);
}

static inline bool range_contains(uint64_t outer, uint64_t outer_size, uint64_t start, uint64_t size)
{
    return start >= outer && range_fits(start - outer, size, outer_size);
}

static inline bool pa_range_overlaps(struct pa_range a, struct pa_range b)
{
    return range_overlaps(a.start.pa, a.size, b.start.pa, b.size);
}

static inline bool ipa_range_overlaps(struct ipa_range a, struct ipa_range b)
{
    return range_overlaps(a.start.ipa, a.size, b.start.ipa, b.size);
}

static inline bool pa_range_contains(struct pa_range outer, struct pa_range inner)
{
    return range_contains(outer.start.pa, outer.size, inner.start.pa, inner.size);
}
