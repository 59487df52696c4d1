/* SPDX-License-Identifier: Apache-2.0 */
/* The XenStore's node, and domains that want one. */
#include <string.h>

#include <xi/fdt_write.h>

#include <xi/guest_map.h>

#include "../core/config_reader.h"
#include "test.h"

static _Alignas(8) uint8_t tree[0x10000];
static struct system_config config;
static struct config_error why;
static struct domain_config domain;

/* Of each store's node, besides its entries. */
static const uint32_t *pairs;
static uint32_t pair_cells;

/* Nodes that are a store, with this property; NULL: without. */
static xi_err read_stores(uint32_t count, const void *entries, uint32_t size)
{
    static char names[2][10] = {"xenstore", "more"};
    struct config_reader reader = {.config = &config, .why = &why};
    struct fdt_writer w;
    size_t length;

    fdt_write_begin(&w, tree, sizeof(tree));
    fdt_write_node(&w, "");
    fdt_write_node(&w, "chosen");
    fdt_write_node(&w, "other");
    fdt_write_end_node(&w);
    for (uint32_t i = 0; i < count; i++) {
        fdt_write_node(&w, names[i]);
        fdt_write_string(&w, "compatible", "xenimg,xenstore");
        if (entries != NULL) {
            fdt_write_property(&w, "xenimg,entries", entries, size);
        }
        if (pairs != NULL) {
            fdt_write_cells(&w, "xenimg,pairs", pairs, pair_cells);
        }
        fdt_write_end_node(&w);
    }
    fdt_write_end_node(&w);
    fdt_write_end_node(&w);
    EXPECT(fdt_write_finish(&w, &length) == XI_OK);
    memset(&config, 0, sizeof(config));
    memset(&why, 0, sizeof(why));
    memset(&domain, 0, sizeof(domain));
    EXPECT(fdt_open(tree, sizeof(tree), &reader.fdt) == XI_OK);
    const fdt_node chosen = fdt_find(&reader.fdt, "/chosen");
    xi_err err = config_read_store(&reader, chosen);
    return err == XI_OK ? config_read_enabled(&reader, chosen, &domain) : err;
}

static bool says(const char *line)
{
    return strcmp(why.line, line) == 0;
}

TEST(keeps_the_entries_of_the_store)
{
    EXPECT(read_stores(1, "n1\0/a\0v", 8) == XI_OK && domain.xen == CONFIG_XEN_STORE);
    memset(tree, 0xff, sizeof(tree)); /* the tree is not needed any more */
    EXPECT(config.store.size == 8 && memcmp(config.store.entries, "n1\0/a\0v", 8) == 0);
    EXPECT(strcmp(config.store.path, "/chosen/xenstore") == 0);
}

TEST(refuses_a_store_that_is_none_and_domains_without_one)
{
    static uint8_t large[CONFIG_MAX_STORE + 1];

    EXPECT(read_stores(0, NULL, 0) == XI_ERR_SYNTAX);
    EXPECT(says("/chosen: xen,enhanced: there is no XenStore: no node is xenimg,xenstore"));
    EXPECT(read_stores(1, NULL, 0) == XI_ERR_SYNTAX);
    EXPECT(says("/chosen/xenstore: xenimg,entries: missing, or not 1 to 32768 bytes"));
    EXPECT(read_stores(1, "", 0) == XI_ERR_SYNTAX && read_stores(1, large, CONFIG_MAX_STORE + 1) == XI_ERR_SYNTAX);
    EXPECT(read_stores(1, large, CONFIG_MAX_STORE) == XI_OK);
    EXPECT(read_stores(1, "n1", 2) == XI_ERR_SYNTAX && says("/chosen/xenstore: xenimg,entries: not strings"));
    EXPECT(read_stores(2, "n1\0/a\0v", 8) == XI_ERR_SYNTAX);
    EXPECT(says("/chosen/more: compatible: a second one of its kind"));
}

TEST(gives_a_direct_mapped_domain_a_store_where_its_memory_leaves_the_place_free)
{
    struct config_reader reader = {.config = &config, .why = &why};
    struct domain_config asked = {.direct_map = true, .bank_first = 1, .bank_count = 2};

    EXPECT(read_stores(1, "n1\0/a\0v", 8) == XI_OK);
    EXPECT(fdt_open(tree, sizeof(tree), &reader.fdt) == XI_OK);
    config.static_banks[1] = (struct pa_range){{GUEST_GRANTS_START - 4096}, 4096};
    config.static_banks[2] = (struct pa_range){{GUEST_GRANTS_START + GUEST_GRANTS_SIZE}, 4096};
    EXPECT(config_read_enabled(&reader, fdt_find(&reader.fdt, "/chosen"), &asked) == XI_OK && asked.xen == CONFIG_XEN_STORE);
    asked.xen = CONFIG_XEN_NONE;
    config.static_banks[2].start.pa -= 1;
    EXPECT(config_read_enabled(&reader, fdt_find(&reader.fdt, "/chosen"), &asked) == XI_ERR_SYNTAX);
    EXPECT(says("/chosen: xen,enhanced: grants and XenStore's page would lie in the domain's memory"));
    EXPECT(asked.xen == CONFIG_XEN_NONE);
    asked.direct_map = false;
    EXPECT(config_read_enabled(&reader, fdt_find(&reader.fdt, "/chosen"), &asked) == XI_OK);
}

/* Pairs of four domains, of which the fourth has nothing to do with others. */
static xi_err read_pairs(const uint32_t *cells, uint32_t count)
{
    struct config_reader reader = {.config = &config, .why = &why};

    pairs = cells;
    pair_cells = count;
    EXPECT(read_stores(1, "n1\0/a\0v", 8) == XI_OK);
    pairs = NULL;
    config.domain_count = 4;
    for (uint32_t i = 0; i < 4; i++) {
        config.domains[i].xen = i == 0 ? CONFIG_XEN_NO_XENSTORE : i == 3 ? CONFIG_XEN_NONE : CONFIG_XEN_STORE;
    }
    EXPECT(fdt_open(tree, sizeof(tree), &reader.fdt) == XI_OK);
    return config_read_pairs(&reader, fdt_find(&reader.fdt, "/chosen"));
}

TEST(a_backend_may_use_what_its_frontends_grant_and_both_may_have_channels)
{
    EXPECT(read_pairs((const uint32_t[]){1, 2, 3, 2, 2, 3}, 6) == XI_OK);
    EXPECT(config.domains[0].granters == 2 && config.domains[0].peers == 2);
    EXPECT(config.domains[1].granters == 4 && config.domains[1].peers == 5);
    EXPECT(config.domains[2].granters == 2 && config.domains[2].peers == 2);
    EXPECT(config.domains[3].granters == 0 && config.domains[3].peers == 0);
}

TEST(there_are_no_pairs_without_a_word)
{
    struct config_reader reader = {.config = &config, .why = &why};

    EXPECT(read_pairs(NULL, 0) == XI_OK && config.domains[0].peers == 0);
    EXPECT(read_stores(0, NULL, 0) == XI_ERR_SYNTAX);
    EXPECT(fdt_open(tree, sizeof(tree), &reader.fdt) == XI_OK);
    EXPECT(config_read_pairs(&reader, fdt_find(&reader.fdt, "/chosen")) == XI_OK && config.domains[0].peers == 0);
}

TEST(refuses_pairs_that_are_none)
{
    static const struct {
        uint32_t cells[4], count;
        const char *why;
    } cases[] = {
        {{0}, 0, "not pairs of domain numbers, a cell each"},
        {{1, 2, 3}, 3, "not pairs of domain numbers, a cell each"},
        {{1, 2, 2, 5}, 4, "pair 1: no domain has the number 5"},
        {{0, 2}, 2, "pair 0: no domain has the number 0"},
        {{~0u, 2}, 2, "pair 0: no domain has the number 4294967295"},
        {{2, 4}, 2, "pair 0: domain 4 is not xen,enhanced"},
        {{4, 2}, 2, "pair 0: domain 4 is not xen,enhanced"},
        {{1, 2, 2, 2}, 4, "pair 1: a domain with itself"},
        {{1, 2, 1, 2}, 4, "pair 1: a second time"},
    };

    for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        EXPECT(read_pairs(cases[i].cells, cases[i].count) == XI_ERR_SYNTAX);
        EXPECT(strncmp(why.line, "/chosen/xenstore: xenimg,pairs: ", 32) == 0 && strcmp(why.line + 32, cases[i].why) == 0);
    }
}

/* What a domain's node with this property becomes. */
static xi_err read_limit(const char *name, const uint32_t *cells, uint32_t count)
{
    struct config_reader reader = {.config = &config, .why = &why};
    struct fdt_writer w;
    size_t length;

    fdt_write_begin(&w, tree, sizeof(tree));
    fdt_write_node(&w, "");
    fdt_write_node(&w, "ui");
    fdt_write_cells(&w, name, cells, count);
    fdt_write_end_node(&w);
    fdt_write_end_node(&w);
    EXPECT(fdt_write_finish(&w, &length) == XI_OK);
    memset(&why, 0, sizeof(why));
    domain = (struct domain_config){.grant_frames = 64, .mapping_frames = 32};
    EXPECT(fdt_open(tree, sizeof(tree), &reader.fdt) == XI_OK);
    return config_read_grants(&reader, fdt_find(&reader.fdt, "/ui"), &domain);
}

TEST(reads_limits_of_grants)
{
    EXPECT(read_limit("cpus", (const uint32_t[]){9}, 1) == XI_OK && domain.grant_frames == 64 && domain.mapping_frames == 32);
    EXPECT(read_limit("max_grant_frames", (const uint32_t[]){256}, 1) == XI_OK && domain.grant_frames == 256);
    EXPECT(read_limit("max_grant_frames", (const uint32_t[]){1}, 1) == XI_OK && domain.grant_frames == 1);
    EXPECT(read_limit("max_maptrack_frames", (const uint32_t[]){256}, 1) == XI_OK && domain.mapping_frames == 256);
    EXPECT(read_limit("max_maptrack_frames", (const uint32_t[]){0}, 1) == XI_OK && domain.mapping_frames == 0);
    EXPECT(read_limit("max_grant_version", (const uint32_t[]){1}, 1) == XI_OK);
    EXPECT(read_limit("max_grant_version", (const uint32_t[]){2}, 1) == XI_OK);
}

TEST(refuses_limits_that_are_none)
{
    static const struct {
        const char *name;
        uint32_t cells[2], count;
        const char *why;
    } cases[] = {
        {"max_grant_version", {0}, 1, "/ui: max_grant_version: not 1 to 2"},
        {"max_grant_version", {3}, 1, "/ui: max_grant_version: not 1 to 2"},
        {"max_grant_frames", {0}, 1, "/ui: max_grant_frames: not 1 to 256"},
        {"max_grant_frames", {257}, 1, "/ui: max_grant_frames: not 1 to 256"},
        {"max_grant_frames", {~0u}, 1, "/ui: max_grant_frames: not 1 to 256"},
        {"max_grant_frames", {0, 64}, 2, "/ui: max_grant_frames: not 1 to 256"},
        {"max_grant_frames", {0}, 0, "/ui: max_grant_frames: not 1 to 256"},
        {"max_maptrack_frames", {257}, 1, "/ui: max_maptrack_frames: not 0 to 256"},
        {"max_maptrack_frames", {~0u}, 1, "/ui: max_maptrack_frames: not 0 to 256"},
    };

    for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        EXPECT(read_limit(cases[i].name, cases[i].cells, cases[i].count) == XI_ERR_SYNTAX);
        EXPECT(says(cases[i].why));
    }
}
