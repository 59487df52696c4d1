/* SPDX-License-Identifier: Apache-2.0 */
/* Spoils sound device trees, by seed: what a careless edit, a broken tool or an attacker makes of one. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define MUTATION_WORDS 256u

struct mutation {
    const uint8_t *tree; /* 8-aligned; valid until the next tree_mutate */
    size_t size;
    char what[MUTATION_WORDS]; /* for whoever looks for a failure */
};

/* One to three things wrong with a sound tree, most of them below /chosen. The same seed gives the same tree. */
void tree_mutate(const uint8_t *sound, uint64_t seed, struct mutation *mutation);
