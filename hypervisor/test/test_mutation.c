/* SPDX-License-Identifier: Apache-2.0 */
/* Sound systems, as the compiler emits them (fixtures/trees.test.ts), spoiled: an answer to each, up to the trees that
 * the guests would get, and one line for each refusal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xi/allot.h>
#include <xi/bits.h>
#include <xi/config.h>
#include <xi/guest_dt.h>

#include "test.h"
#include "tree_mutator.h"

#define MUTATIONS 10000u
#define MAX_SHOWN 5u

static const char *const trees[] = {
#include "trees/design-example.inc"
    ,
#include "trees/everything.inc"
    ,
#include "trees/links.inc"
    ,
#include "trees/own-board.inc"
};
#define TREES (sizeof(trees) / sizeof(trees[0]))

static struct system_config config;
static struct page_heap heap;
static struct guest_map maps[CONFIG_MAX_DOMAINS];
static struct config_error why;

static uint8_t digit(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static const uint8_t *tree_of(uint32_t which)
{
    static _Alignas(8) uint8_t bytes[0x10000];
    size_t size = strlen(trees[which]) / 2;

    if (size > sizeof(bytes)) {
        abort();
    }
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(digit(trees[which][2 * i]) << 4 | digit(trees[which][2 * i + 1]));
    }
    return bytes;
}

/* Where the link script of each system puts it does not matter: modules of a linked image are where it is. */
static xi_err boot(const uint8_t *tree, size_t size)
{
    static _Alignas(8) uint8_t guest_tree[GUEST_DT_MAX_BYTES];
    static const struct guest_places places = {.entry = {0x40000000}, .dtb = {{0x48000000}, 0x10000}};
    /* Of its very size, so that the sanitiser sees every read behind it. */
    uint8_t *copy = malloc(size);
    const struct image bare = {.range = {{0x40200000}, 0x200000}, .link = {0x40200000}};

    memcpy(copy, tree, size);
    memset(&why, 0, sizeof(why));
    xi_err err = config_read(copy, size, &bare, (pa_t){0x4f000000}, 0, &config, &why);
    if (err == XI_OK) {
        EXPECT(config_fill_heap(&config, &bare, 48, &heap) == XI_OK);
        err = config_place_shares(&config, &heap, &why);
    }
    if (err == XI_OK) {
        err = allot_memory(&config, &heap, maps, &why);
    }
    for (uint32_t i = 0; i < config.domain_count && err == XI_OK; i++) {
        size_t guest_size;
        const struct guest_dt_parts parts = {&config.machine, &config.domains[i], &maps[i], &places, NULL};
        EXPECT(guest_dt_make(guest_tree, sizeof(guest_tree), &parts, &guest_size) == XI_OK);
        EXPECT(stage2_pool_size(maps[i].banks, maps[i].bank_count, 16) != 0);
    }
    free(copy);
    return err;
}

/* node: property: rule */
static bool is_one_line(const char *line)
{
    const char *property = strstr(line, ": ");
    const char *rule = property == NULL ? NULL : strstr(property + 2, ": ");

    return rule != NULL && rule[2] != '\0' && strchr(line, '\n') == NULL && strlen(line) < sizeof(why.line) - 1 &&
           (line[0] == '/' || strncmp(line, "device tree: ", 13) == 0);
}

/* No two owners for a page of machine memory. */
static bool nothing_overlaps(void)
{
    for (uint32_t i = 0; i < config.domain_count; i++) {
        for (uint32_t b = 0; b < maps[i].bank_count; b++) {
            const struct guest_bank *bank = &maps[i].banks[b];
            const struct pa_range mine = {bank->machine, bank->size};
            for (uint32_t j = 0; j < heap.count; j++) {
                if (pa_range_overlaps(mine, heap.free[j])) {
                    return false;
                }
            }
            for (uint32_t d = 0; d < i; d++) {
                for (uint32_t o = 0; o < maps[d].bank_count; o++) {
                    if (pa_range_overlaps(mine, (struct pa_range){maps[d].banks[o].machine, maps[d].banks[o].size})) {
                        return false;
                    }
                }
            }
        }
    }
    return true;
}

TEST(the_sound_systems_boot)
{
    for (uint32_t i = 0; i < TREES; i++) {
        const uint8_t *tree = tree_of(i);
        EXPECT(boot(tree, xi_read_be32(tree + 4)) == XI_OK);
        if (why.line[0] != '\0') {
            (void)printf("tree %u: %s\n", i, why.line);
        }
        EXPECT(config.domain_count >= 2);
    }
}

TEST(each_mutation_is_taken_or_refused_with_one_line)
{
    uint32_t taken = 0, refused = 0, shown = 0;

    for (uint32_t seed = 0; seed < MUTATIONS; seed++) {
        struct mutation mutation;
        tree_mutate(tree_of(seed % TREES), seed, &mutation);
        bool fine = boot(mutation.tree, mutation.size) == XI_OK ? nothing_overlaps() : is_one_line(why.line);
        taken += why.line[0] == '\0' ? 1 : 0;
        refused += why.line[0] == '\0' ? 0 : 1;
        EXPECT(fine);
        if (!fine && shown++ < MAX_SHOWN) {
            (void)printf("seed %u (%s): %s\n", seed, mutation.what, why.line);
        }
    }
    EXPECT(taken > MUTATIONS / 10 && refused > MUTATIONS / 10);
    (void)printf("%u mutations taken, %u refused\n", taken, refused);
}
