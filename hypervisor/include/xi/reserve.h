/* SPDX-License-Identifier: Apache-2.0 */
/* Whether earliest-deadline-first keeps every promise of `budget` in each `period`: what is promised in all, in CPUs. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define RESERVE_CPUS 32u
#define RESERVE_ONE (1ull << 40) /* a whole CPU */

struct reserve {
    uint64_t sum, largest;         /* of all promises, in 1/RESERVE_ONE of a CPU */
    uint64_t on[RESERVE_CPUS];     /* of those that one CPU must keep */
    bool anywhere, somewhere, one; /* there are some for all CPUs of the pool, for several, for one */
};

enum reserve_verdict {
    RESERVE_FITS,
    RESERVE_TOO_MUCH,
    RESERVE_MIXED, /* not all for any CPU of the pool, nor each for one: no bound is known */
};

/* One promise, to be kept on the CPUs `affinity` of those in `pool` (a bit each). Both times in one unit, of at most
 * 2^20; 0 < budget <= period. */
void reserve_add(struct reserve *reserve, uint64_t budget, uint64_t period, uint32_t affinity, uint32_t pool);
/* Each for one CPU: no more than 1 there (Liu and Layland 1973). Any of m CPUs: the sum is at most m - (m - 1) times
 * the largest (Goossens, Funk and Baruah 2003). */
enum reserve_verdict reserve_judge(const struct reserve *reserve, uint32_t pool);
