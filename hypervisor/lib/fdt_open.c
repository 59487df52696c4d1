/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a tree: everything that the other functions rely on is checked here, once. */
#include <stddef.h>
#include <stdint.h>

#include "fdt_tokens.h"

/* Devicetree Specification 0.4, 5.2 and 5.4. */
#define MAGIC 0xd00dfeedu
#define HEADER_SIZE 40u
#define OLDEST_COMPATIBLE 16u
#define NEWEST_COMPATIBLE 17u
enum { AT_MAGIC = 0, AT_TOTALSIZE = 4, AT_STRUCT = 8, AT_STRINGS = 12, AT_RSVMAP = 16, AT_VERSION = 20,
       AT_LAST_COMPATIBLE = 24, AT_STRINGS_SIZE = 32, AT_STRUCT_SIZE = 36 };

static bool terminated(const struct fdt *fdt, uint32_t at, uint32_t end)
{
    return at < end && memchr(fdt->blob + at, 0, end - at) != NULL;
}

static xi_err check_property(const struct fdt *fdt, uint32_t at)
{
    if (fdt->structure_end - at < 4 + PROP_HEADER) {
        return XI_ERR_SYNTAX;
    }
    uint32_t length = word(fdt, at + 4), name = word(fdt, at + 8);
    uint32_t room = fdt->structure_end - at - 4 - PROP_HEADER;
    if (length > room || padded(length) > room || name >= fdt->strings_end - fdt->strings) {
        return XI_ERR_RANGE;
    }
    return terminated(fdt, fdt->strings + name, fdt->strings_end) ? XI_OK : XI_ERR_RANGE;
}

/* Tokens in order, nesting right, one root, END at the end. */
static xi_err check_structure(const struct fdt *fdt)
{
    uint32_t depth = 0;
    bool rooted = false, children = false;

    for (uint32_t at = fdt->structure; fdt->structure_end - at >= 4; at = skip(fdt, at)) {
        switch (word(fdt, at)) {
        case BEGIN_NODE:
            if ((depth == 0 && rooted) || depth == FDT_MAX_DEPTH ||
                !terminated(fdt, at + 4, fdt->structure_end) ||
                padded((uint32_t)strlen((const char *)fdt->blob + at + 4) + 1) > fdt->structure_end - at - 4) {
                return XI_ERR_SYNTAX;
            }
            depth++;
            rooted = true;
            children = false;
            break;
        case END_NODE:
            if (depth == 0) {
                return XI_ERR_SYNTAX;
            }
            depth--;
            children = true;
            break;
        case PROP: {
            /* Properties come before child nodes (5.4.2). */
            xi_err err = depth == 0 || children ? XI_ERR_SYNTAX : check_property(fdt, at);
            if (err != XI_OK) {
                return err;
            }
            break;
        }
        case NOP:
            break;
        case END:
            return depth == 0 && rooted ? XI_OK : XI_ERR_SYNTAX;
        default:
            return XI_ERR_SYNTAX;
        }
    }
    return XI_ERR_SYNTAX;
}

static xi_err check_reservations(struct fdt *fdt)
{
    for (uint32_t at = fdt->reservations; fdt->size - at >= 16; at += 16) {
        if (xi_read_be64(fdt->blob + at) == 0 && xi_read_be64(fdt->blob + at + 8) == 0) {
            fdt->reservation_count = (at - fdt->reservations) / 16;
            return XI_OK;
        }
    }
    return XI_ERR_RANGE;
}

/* Version 16 does not say how long the structure block is: it goes on to the strings, or to the end. */
static uint32_t structure_size(const uint8_t *blob, uint32_t size)
{
    uint32_t start = xi_read_be32(blob + AT_STRUCT), strings = xi_read_be32(blob + AT_STRINGS);

    if (xi_read_be32(blob + AT_VERSION) >= 17) {
        return xi_read_be32(blob + AT_STRUCT_SIZE);
    }
    return (strings > start ? strings : size) - start;
}

xi_err fdt_open(const void *blob, size_t limit, struct fdt *fdt)
{
    const uint8_t *bytes = blob;

    if (((uintptr_t)blob & 7) != 0) {
        return XI_ERR_ALIGN;
    }
    if (limit < HEADER_SIZE) {
        return XI_ERR_TRUNCATED;
    }
    if (xi_read_be32(bytes + AT_MAGIC) != MAGIC) {
        return XI_ERR_BAD_MAGIC;
    }
    if (xi_read_be32(bytes + AT_VERSION) < OLDEST_COMPATIBLE ||
        xi_read_be32(bytes + AT_LAST_COMPATIBLE) > NEWEST_COMPATIBLE) {
        return XI_ERR_VERSION;
    }
    struct fdt found = {.blob = bytes, .size = xi_read_be32(bytes + AT_TOTALSIZE)};
    if (found.size < HEADER_SIZE || found.size > FDT_MAX_SIZE) {
        return XI_ERR_RANGE;
    }
    if (found.size > limit) {
        return XI_ERR_TRUNCATED;
    }
    found.structure = xi_read_be32(bytes + AT_STRUCT);
    found.strings = xi_read_be32(bytes + AT_STRINGS);
    found.reservations = xi_read_be32(bytes + AT_RSVMAP);
    if (found.structure > found.size || found.strings > found.size || found.reservations > found.size) {
        return XI_ERR_RANGE;
    }
    uint32_t structure = structure_size(bytes, found.size), strings = xi_read_be32(bytes + AT_STRINGS_SIZE);
    if ((found.structure & 3) != 0 || (found.reservations & 7) != 0) {
        return XI_ERR_ALIGN;
    }
    if (structure > found.size - found.structure || strings > found.size - found.strings) {
        return XI_ERR_RANGE;
    }
    found.structure_end = found.structure + structure;
    found.strings_end = found.strings + strings;
    xi_err err = check_reservations(&found);
    if (err == XI_OK) {
        err = check_structure(&found);
    }
    if (err == XI_OK) {
        *fdt = found;
    }
    return err;
}
