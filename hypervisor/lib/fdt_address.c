/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses: cells, reg, ranges, reservations; and the path of a node, for messages. */
#include <stddef.h>
#include <stdint.h>

#include "fdt_tokens.h"

#define MAX_CELLS 4u

struct fdt_cells fdt_cells(const struct fdt *fdt, fdt_node parent)
{
    struct fdt_cells cells = {2, 1};

    (void)fdt_u32(fdt, parent, "#address-cells", &cells.address);
    (void)fdt_u32(fdt, parent, "#size-cells", &cells.size);
    return cells;
}

bool fdt_number(const uint8_t *at, uint32_t cells, uint64_t *value)
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
    if (!fdt_number(at, cells.address, &found_address) || !fdt_number(at + 4 * cells.address, cells.size, &found_size)) {
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
        if (fdt_number(bytes, inner.address, &from) && fdt_number(bytes + 4 * inner.address, outer, &to) &&
            fdt_number(bytes + 4 * (inner.address + outer), inner.size, &length) && *address >= from &&
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
