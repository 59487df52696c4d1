/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in a tree twice. One of the two would count, and nobody would know of the other. */
#include <stddef.h>
#include <stdint.h>

#include <xi/string.h>

#include "config_reader.h"

/* Of one node: where a machine's tree has more, as of symbols, the core does not read them. */
#define MOST_COMPARED 1024u

static xi_err check_properties(const struct config_reader *reader, fdt_node node)
{
    struct fdt_property property, *after = NULL;

    for (uint32_t i = 0; i < MOST_COMPARED && fdt_next_property(&reader->fdt, node, after, &property); i++) {
        struct fdt_property first;
        after = &property;
        if (fdt_property(&reader->fdt, node, property.name, &first) && first.value != property.value) {
            return config_refuse(reader, node, property.name, "stands there twice");
        }
    }
    return XI_OK;
}

static xi_err check_children(const struct config_reader *reader, fdt_node node)
{
    const struct fdt *fdt = &reader->fdt;
    fdt_node child = fdt_first_child(fdt, node);

    for (uint32_t i = 0; i < MOST_COMPARED && child != FDT_NONE; i++, child = fdt_next_sibling(fdt, child)) {
        for (fdt_node other = fdt_first_child(fdt, node); other != child; other = fdt_next_sibling(fdt, other)) {
            if (strcmp(fdt_name(fdt, other), fdt_name(fdt, child)) == 0) {
                return config_refuse(reader, child, "name", "two nodes have it");
            }
        }
    }
    return XI_OK;
}

xi_err config_check_names(const struct config_reader *reader)
{
    xi_err err = XI_OK;

    for (fdt_node node = fdt_root(&reader->fdt); node != FDT_NONE && err == XI_OK;
         node = fdt_next(&reader->fdt, node)) {
        err = check_properties(reader, node);
        if (err == XI_OK) {
            err = check_children(reader, node);
        }
    }
    return err;
}

xi_err config_read_phandle(const struct config_reader *reader, fdt_node node, uint32_t *phandle)
{
    const struct fdt *fdt = &reader->fdt;

    *phandle = 0;
    if (!fdt_u32(fdt, node, "phandle", phandle)) {
        return XI_OK;
    }
    for (fdt_node other = fdt_root(fdt); other != FDT_NONE; other = fdt_next(fdt, other)) {
        uint32_t found;
        if (other != node && fdt_u32(fdt, other, "phandle", &found) && found == *phandle) {
            return config_refuse(reader, node, "phandle", "%s has it as well", fdt_name(fdt, other));
        }
    }
    return XI_OK;
}
