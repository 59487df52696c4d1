/* SPDX-License-Identifier: Apache-2.0 */
/* Reads flattened device trees (Devicetree Specification 0.4, chapter 5; version 17).
 *
 * fdt_open walks the whole blob once: tokens, nesting, names and property bounds. Every other function
 * relies on that, so none of them can read outside or fail for the blob's shape. The blob must not
 * change while it is in use. Nodes are named by their offset; FDT_NONE is no node. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>

#define FDT_MAX_SIZE 0x200000u /* bytes; Xen's limit */
#define FDT_MAX_DEPTH 32u      /* nodes above one another; Xen stops at 16 */
#define FDT_NONE UINT32_MAX

struct fdt {
    const uint8_t *blob;
    uint32_t size;              /* totalsize */
    uint32_t structure, structure_end;
    uint32_t strings, strings_end;
    uint32_t reservations, reservation_count;
};

typedef uint32_t fdt_node;

struct fdt_property {
    const char *name;
    const uint8_t *value;
    uint32_t size; /* bytes */
};

/* Nothing past min(limit, totalsize) is read, and nothing at all past the header when that is bad.
 * XI_ERR_TRUNCATED, XI_ERR_ALIGN (not at 8), XI_ERR_BAD_MAGIC, XI_ERR_VERSION, XI_ERR_RANGE (a block or a
 * property outside), XI_ERR_SYNTAX (tokens, nesting, names). */
XI_MUST_CHECK xi_err fdt_open(const void *blob, size_t limit, struct fdt *fdt);

fdt_node fdt_root(const struct fdt *fdt);
const char *fdt_name(const struct fdt *fdt, fdt_node node); /* "" for the root */
fdt_node fdt_first_child(const struct fdt *fdt, fdt_node node);
fdt_node fdt_next_sibling(const struct fdt *fdt, fdt_node node);
/* Every node once, parents before children, from fdt_root on. */
fdt_node fdt_next(const struct fdt *fdt, fdt_node node);
fdt_node fdt_parent(const struct fdt *fdt, fdt_node node); /* walks from the root */

/* A path from the root ("/soc/uart@9000000"; a name without its unit address finds the first such), or one
 * that begins with an alias ("serial0"). Anything from ':' on is left out, as in stdout-path. */
fdt_node fdt_find(const struct fdt *fdt, const char *path);
fdt_node fdt_child(const struct fdt *fdt, fdt_node node, const char *name);
fdt_node fdt_by_phandle(const struct fdt *fdt, uint32_t phandle);
fdt_node fdt_next_compatible(const struct fdt *fdt, fdt_node after, const char *compatible); /* after FDT_NONE: first */

bool fdt_property(const struct fdt *fdt, fdt_node node, const char *name, struct fdt_property *property);
/* The property behind `after`, of which `value` must be as it was found; NULL: the first. False behind the last. */
bool fdt_next_property(const struct fdt *fdt, fdt_node node, const struct fdt_property *after,
                       struct fdt_property *property);
bool fdt_has(const struct fdt *fdt, fdt_node node, const char *name);
/* False where the property is missing or not of that very size. */
bool fdt_u32(const struct fdt *fdt, fdt_node node, const char *name, uint32_t *value);
/* NULL where it is missing, not terminated, or has a NUL inside. */
const char *fdt_string(const struct fdt *fdt, fdt_node node, const char *name);
/* Whether the string list `name` holds `text`. */
bool fdt_string_list_has(const struct fdt *fdt, fdt_node node, const char *name, const char *text);
bool fdt_is_compatible(const struct fdt *fdt, fdt_node node, const char *compatible);
bool fdt_is_available(const struct fdt *fdt, fdt_node node); /* status absent, "okay" or "ok" */

/* #address-cells and #size-cells that a node gives to its children; the specification's defaults 2 and 1. */
struct fdt_cells {
    uint32_t address, size;
};
struct fdt_cells fdt_cells(const struct fdt *fdt, fdt_node parent);

/* A number of `cells` cells, big-endian, at `bytes`; false where it does not fit 64 bits. */
bool fdt_number(const uint8_t *bytes, uint32_t cells, uint64_t *value);

/* The index-th (address, size) of a property that holds such pairs; false where there is none, or where a
 * number does not fit 64 bits or cells are 0 or more than 4. */
bool fdt_pair(const struct fdt_property *property, struct fdt_cells cells, uint32_t index, uint64_t *address,
              uint64_t *size);
/* How many whole pairs it holds. */
uint32_t fdt_pair_count(const struct fdt_property *property, struct fdt_cells cells);

/* The index-th reg of a node, in the root's address space through all `ranges`.
 * XI_ERR_NOT_FOUND, XI_ERR_RANGE (not translatable, or wraps). */
XI_MUST_CHECK xi_err fdt_reg(const struct fdt *fdt, fdt_node node, uint32_t index, uint64_t *address, uint64_t *size);

/* The index-th /memreserve/ entry. */
bool fdt_reservation(const struct fdt *fdt, uint32_t index, uint64_t *address, uint64_t *size);

/* Full path into `to`, cut to size; returns `to`. For messages. */
const char *fdt_path(const struct fdt *fdt, fdt_node node, char *to, size_t size);
