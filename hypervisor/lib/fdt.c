/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/fdt.h>
#include <xi/string.h>

/* Devicetree Specification 0.4, 5.2 and 5.4. */
#define MAGIC 0xd00dfeedu
#define HEADER_SIZE 40u
#define OLDEST_COMPATIBLE 16u
#define NEWEST_COMPATIBLE 17u
enum { AT_MAGIC = 0, AT_TOTALSIZE = 4, AT_STRUCT = 8, AT_STRINGS = 12, AT_RSVMAP = 16, AT_VERSION = 20,
       AT_LAST_COMPATIBLE = 24, AT_STRINGS_SIZE = 32, AT_STRUCT_SIZE = 36 };
enum { BEGIN_NODE = 1, END_NODE = 2, PROP = 3, NOP = 4, END = 9 };
#define PROP_HEADER 8u /* length, name offset */
#define MAX_CELLS 4u

static uint32_t word(const struct fdt *fdt, uint32_t at)
{
    return xi_read_be32(fdt->blob + at);
}

static uint32_t padded(uint32_t size)
{
    return (size + 3) & ~3u;
}

/* Offset behind the token at `at`; fdt_open has checked that it is inside. */
static uint32_t skip(const struct fdt *fdt, uint32_t at)
{
    switch (word(fdt, at)) {
    case BEGIN_NODE:
        return at + 4 + padded((uint32_t)strlen((const char *)fdt->blob + at + 4) + 1);
    case PROP:
        return at + 4 + PROP_HEADER + padded(word(fdt, at + 4));
    default:
        return at + 4;
    }
}

/* ---- Opening: everything is checked here, once. ---- */

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

/* ---- Nodes. A node is the offset of its BEGIN_NODE token. ---- */

fdt_node fdt_root(const struct fdt *fdt)
{
    uint32_t at = fdt->structure;

    while (word(fdt, at) == NOP) {
        at += 4;
    }
    return at;
}

const char *fdt_name(const struct fdt *fdt, fdt_node node)
{
    return (const char *)fdt->blob + node + 4;
}

/* Behind the node's properties: a child's begin or its own end. */
static uint32_t behind_properties(const struct fdt *fdt, fdt_node node)
{
    uint32_t at = skip(fdt, node);

    while (word(fdt, at) == PROP || word(fdt, at) == NOP) {
        at = skip(fdt, at);
    }
    return at;
}

fdt_node fdt_first_child(const struct fdt *fdt, fdt_node node)
{
    uint32_t at = behind_properties(fdt, node);

    return word(fdt, at) == BEGIN_NODE ? at : FDT_NONE;
}

fdt_node fdt_next_sibling(const struct fdt *fdt, fdt_node node)
{
    uint32_t depth = 0, at = node;

    do {
        uint32_t token = word(fdt, at);
        depth += token == BEGIN_NODE ? 1 : 0;
        depth -= token == END_NODE ? 1 : 0;
        at = skip(fdt, at);
    } while (depth != 0);
    while (word(fdt, at) == NOP) {
        at += 4;
    }
    return word(fdt, at) == BEGIN_NODE ? at : FDT_NONE;
}

fdt_node fdt_next(const struct fdt *fdt, fdt_node node)
{
    uint32_t at = skip(fdt, node);

    while (word(fdt, at) != END) {
        if (word(fdt, at) == BEGIN_NODE) {
            return at;
        }
        at = skip(fdt, at);
    }
    return FDT_NONE;
}

fdt_node fdt_parent(const struct fdt *fdt, fdt_node node)
{
    fdt_node above[FDT_MAX_DEPTH + 1];
    uint32_t depth = 0;

    for (uint32_t at = fdt_root(fdt); at <= node; at = skip(fdt, at)) {
        if (word(fdt, at) == BEGIN_NODE) {
            if (at == node) {
                return depth == 0 ? FDT_NONE : above[depth - 1];
            }
            above[depth++] = at;
        } else if (word(fdt, at) == END_NODE) {
            depth--;
        }
    }
    return FDT_NONE;
}

/* ---- Properties. ---- */

bool fdt_property(const struct fdt *fdt, fdt_node node, const char *name, struct fdt_property *property)
{
    for (uint32_t at = skip(fdt, node); word(fdt, at) == PROP || word(fdt, at) == NOP; at = skip(fdt, at)) {
        if (word(fdt, at) == NOP) {
            continue;
        }
        const char *found = (const char *)fdt->blob + fdt->strings + word(fdt, at + 8);
        if (strcmp(found, name) == 0) {
            *property = (struct fdt_property){found, fdt->blob + at + 4 + PROP_HEADER, word(fdt, at + 4)};
            return true;
        }
    }
    return false;
}

bool fdt_has(const struct fdt *fdt, fdt_node node, const char *name)
{
    struct fdt_property property;

    return fdt_property(fdt, node, name, &property);
}

bool fdt_u32(const struct fdt *fdt, fdt_node node, const char *name, uint32_t *value)
{
    struct fdt_property property;

    if (!fdt_property(fdt, node, name, &property) || property.size != 4) {
        return false;
    }
    *value = xi_read_be32(property.value);
    return true;
}

const char *fdt_string(const struct fdt *fdt, fdt_node node, const char *name)
{
    struct fdt_property property;

    if (!fdt_property(fdt, node, name, &property) || property.size == 0 ||
        memchr(property.value, 0, property.size) != property.value + property.size - 1) {
        return NULL;
    }
    return (const char *)property.value;
}

bool fdt_string_list_has(const struct fdt *fdt, fdt_node node, const char *name, const char *text)
{
    struct fdt_property property;
    size_t length = strlen(text);

    if (!fdt_property(fdt, node, name, &property)) {
        return false;
    }
    for (uint32_t at = 0; at < property.size;) {
        size_t found = strnlen((const char *)property.value + at, property.size - at);
        if (found == property.size - at) {
            return false;
        }
        if (found == length && memcmp(property.value + at, text, length) == 0) {
            return true;
        }
        at += (uint32_t)found + 1;
    }
    return false;
}

bool fdt_is_compatible(const struct fdt *fdt, fdt_node node, const char *compatible)
{
    return fdt_string_list_has(fdt, node, "compatible", compatible);
}

bool fdt_is_available(const struct fdt *fdt, fdt_node node)
{
    const char *status = fdt_string(fdt, node, "status");

    return !fdt_has(fdt, node, "status") ||
           (status != NULL && (strcmp(status, "okay") == 0 || strcmp(status, "ok") == 0));
}

/* ---- Finding. ---- */

static bool name_matches(const char *name, const char *wanted, size_t length)
{
    if (strncmp(name, wanted, length) != 0) {
        return false;
    }
    return name[length] == '\0' || (name[length] == '@' && memchr(wanted, '@', length) == NULL);
}

static fdt_node child_of_length(const struct fdt *fdt, fdt_node node, const char *name, size_t length)
{
    fdt_node child = fdt_first_child(fdt, node);

    while (child != FDT_NONE && !name_matches(fdt_name(fdt, child), name, length)) {
        child = fdt_next_sibling(fdt, child);
    }
    return child;
}

fdt_node fdt_child(const struct fdt *fdt, fdt_node node, const char *name)
{
    return child_of_length(fdt, node, name, strlen(name));
}

static size_t component(const char *path)
{
    size_t length = 0;

    while (path[length] != '\0' && path[length] != '/' && path[length] != ':') {
        length++;
    }
    return length;
}

static fdt_node descend(const struct fdt *fdt, fdt_node node, const char *path)
{
    while (node != FDT_NONE) {
        while (*path == '/') {
            path++;
        }
        size_t length = component(path);
        if (length == 0) {
            return node;
        }
        node = child_of_length(fdt, node, path, length);
        path += length;
    }
    return node;
}

/* The target of an alias, whose name ends where the component does. */
static const char *alias(const struct fdt *fdt, const char *name, size_t length)
{
    char text[32];
    fdt_node aliases = descend(fdt, fdt_root(fdt), "aliases");

    if (aliases == FDT_NONE || length >= sizeof(text)) {
        return NULL;
    }
    memcpy(text, name, length);
    text[length] = '\0';
    return fdt_string(fdt, aliases, text);
}

fdt_node fdt_find(const struct fdt *fdt, const char *path)
{
    fdt_node node = fdt_root(fdt);

    if (*path != '/') {
        size_t length = component(path);
        const char *target = alias(fdt, path, length);
        if (target == NULL || *target != '/') {
            return FDT_NONE;
        }
        node = descend(fdt, node, target);
        path += length;
    }
    return descend(fdt, node, path);
}

fdt_node fdt_by_phandle(const struct fdt *fdt, uint32_t phandle)
{
    for (fdt_node node = fdt_root(fdt); node != FDT_NONE; node = fdt_next(fdt, node)) {
        uint32_t found;
        if ((fdt_u32(fdt, node, "phandle", &found) || fdt_u32(fdt, node, "linux,phandle", &found)) &&
            found == phandle) {
            return node;
        }
    }
    return FDT_NONE;
}

fdt_node fdt_next_compatible(const struct fdt *fdt, fdt_node after, const char *compatible)
{
    fdt_node node = after == FDT_NONE ? fdt_root(fdt) : fdt_next(fdt, after);

    while (node != FDT_NONE && !fdt_is_compatible(fdt, node, compatible)) {
        node = fdt_next(fdt, node);
    }
    return node;
}

/* ---- Addresses. ---- */

struct fdt_cells fdt_cells(const struct fdt *fdt, fdt_node parent)
{
    struct fdt_cells cells = {2, 1};

    (void)fdt_u32(fdt, parent, "#address-cells", &cells.address);
    (void)fdt_u32(fdt, parent, "#size-cells", &cells.size);
    return cells;
}

/* A number of `cells` cells; false where it does not fit 64 bits. */
static bool number(const uint8_t *at, uint32_t cells, uint64_t *value)
{
    uint64_t result = 0;

    for (uint32_t i = 0; i < cells; i++) {
        if (result >> 32 != 0) {
            return false;
        }
        result = result << 32 | xi_read_be32(at + 4 * i);
    }
    *value = result;
    return true;
}

static bool cells_are_usable(struct fdt_cells cells)
{
    return cells.address >= 1 && cells.address <= MAX_CELLS && cells.size >= 1 && cells.size <= MAX_CELLS;
}

uint32_t fdt_pair_count(const struct fdt_property *property, struct fdt_cells cells)
{
    return cells_are_usable(cells) ? property->size / (4 * (cells.address + cells.size)) : 0;
}

bool fdt_pair(const struct fdt_property *property, struct fdt_cells cells, uint32_t index, uint64_t *address,
              uint64_t *size)
{
    uint64_t found_address, found_size;

    if (index >= fdt_pair_count(property, cells)) {
        return false;
    }
    const uint8_t *at = property->value + (size_t)index * 4 * (cells.address + cells.size);
    if (!number(at, cells.address, &found_address) || !number(at + 4 * cells.address, cells.size, &found_size)) {
        return false;
    }
    *address = found_address;
    *size = found_size;
    return true;
}

/* From the children's address space of `bus` into its own, by its `ranges`. */
static bool translate(const struct fdt *fdt, fdt_node bus, fdt_node above, uint64_t *address, uint64_t size)
{
    struct fdt_property ranges;
    struct fdt_cells inner = fdt_cells(fdt, bus);
    uint32_t outer = fdt_cells(fdt, above).address;

    if (!fdt_property(fdt, bus, "ranges", &ranges) || !cells_are_usable(inner) || outer < 1 || outer > MAX_CELLS) {
        return false;
    }
    if (ranges.size == 0) {
        return true; /* the same addresses */
    }
    uint32_t entry = 4 * (inner.address + outer + inner.size);
    for (uint32_t at = 0; at + entry <= ranges.size; at += entry) {
        uint64_t from, to, length;
        const uint8_t *bytes = ranges.value + at;
        if (number(bytes, inner.address, &from) && number(bytes + 4 * inner.address, outer, &to) &&
            number(bytes + 4 * (inner.address + outer), inner.size, &length) && *address >= from &&
            *address - from <= length && size <= length - (*address - from) && *address - from <= UINT64_MAX - to) {
            *address = to + (*address - from);
            return true;
        }
    }
    return false;
}

xi_err fdt_reg(const struct fdt *fdt, fdt_node node, uint32_t index, uint64_t *address, uint64_t *size)
{
    struct fdt_property reg;
    fdt_node parent = fdt_parent(fdt, node);
    uint64_t found, length;

    if (parent == FDT_NONE || !fdt_property(fdt, node, "reg", &reg) ||
        !fdt_pair(&reg, fdt_cells(fdt, parent), index, &found, &length)) {
        return XI_ERR_NOT_FOUND;
    }
    for (fdt_node bus = parent, above; (above = fdt_parent(fdt, bus)) != FDT_NONE; bus = above) {
        if (!translate(fdt, bus, above, &found, length)) {
            return XI_ERR_RANGE;
        }
    }
    if (length > UINT64_MAX - found) {
        return XI_ERR_RANGE;
    }
    *address = found;
    *size = length;
    return XI_OK;
}

bool fdt_reservation(const struct fdt *fdt, uint32_t index, uint64_t *address, uint64_t *size)
{
    if (index >= fdt->reservation_count) {
        return false;
    }
    const uint8_t *at = fdt->blob + fdt->reservations + 16 * index;
    *address = xi_read_be64(at);
    *size = xi_read_be64(at + 8);
    return true;
}

const char *fdt_path(const struct fdt *fdt, fdt_node node, char *to, size_t size)
{
    size_t at = size - 1;

    /* Backwards from the end of the buffer, then to its begin. */
    to[at] = '\0';
    for (; node != FDT_NONE && *fdt_name(fdt, node) != '\0'; node = fdt_parent(fdt, node)) {
        size_t length = strlen(fdt_name(fdt, node));
        if (length + 1 > at) {
            break;
        }
        at -= length;
        memcpy(to + at, fdt_name(fdt, node), length);
        to[--at] = '/';
    }
    if (at == size - 1 && size > 1) {
        to[--at] = '/';
    }
    memmove(to, to + at, size - at);
    return to;
}
