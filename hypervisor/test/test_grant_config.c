/* SPDX-License-Identifier: Apache-2.0 */
/* The XenStore's node, and domains that want one. */
#include <string.h>

#include <xi/fdt_write.h>

#include "../core/config_reader.h"
#include "test.h"

static _Alignas(8) uint8_t tree[0x10000];
static struct system_config config;
static struct config_error why;
static struct domain_config domain;

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

TEST(gives_a_direct_mapped_domain_no_store)
{
    struct config_reader reader = {.config = &config, .why = &why};
    const struct domain_config direct = {.direct_map = true};
    struct domain_config asked = direct;

    EXPECT(read_stores(1, "n1\0/a\0v", 8) == XI_OK);
    EXPECT(fdt_open(tree, sizeof(tree), &reader.fdt) == XI_OK);
    EXPECT(config_read_enabled(&reader, fdt_find(&reader.fdt, "/chosen"), &asked) == XI_ERR_SYNTAX);
    EXPECT(asked.xen == CONFIG_XEN_NONE);
}
