/* SPDX-License-Identifier: Apache-2.0 */
/* Structure blocks made by hand, token by token: what the reader takes, and what it refuses. */
#include <stdlib.h>
#include <string.h>

#include <xi/bits.h>
#include <xi/fdt.h>

#include "test.h"

enum { BEGIN = 1, END_NODE = 2, PROP = 3, NOP = 4, END = 9 };
#define STRUCTURE 56u /* behind the header and one reservation */
#define MAX_WORDS 512u

static const char names[] = "reg\0#address-cells\0#size-cells\0ranges";
enum { REG = 0, ADDRESS_CELLS = 4, SIZE_CELLS = 19, RANGES = 31 };

static uint32_t words[MAX_WORDS];
static uint32_t count;
static uint32_t cut; /* bytes that the structure block claims less than there are */

static void add(uint32_t word)
{
    words[count++] = word;
}

static void node(uint32_t name) /* of at most three characters */
{
    add(BEGIN);
    add(name);
}

static void property(uint32_t name, const uint32_t *cells, uint32_t cell_count)
{
    add(PROP);
    add(4 * cell_count);
    add(name);
    for (uint32_t i = 0; i < cell_count; i++) {
        add(cells[i]);
    }
}

static void cells_are(uint32_t address, uint32_t size)
{
    property(ADDRESS_CELLS, &address, 1);
    property(SIZE_CELLS, &size, 1);
}

/* Opens a blob of exactly these tokens, in memory of exactly its size. Free *blob. */
static xi_err open_words(uint8_t **blob, struct fdt *fdt)
{
    uint32_t strings = STRUCTURE + 4 * count, size = strings + (uint32_t)sizeof(names);
    const uint32_t header[] = {0xd00dfeed, size, STRUCTURE, strings, 40, 17, 16, 0, sizeof(names), 4 * count - cut};

    *blob = calloc(1, size);
    for (uint32_t i = 0; i < 10; i++) {
        xi_write_be32(*blob + 4 * i, header[i]);
    }
    for (uint32_t i = 0; i < count; i++) {
        xi_write_be32(*blob + STRUCTURE + 4 * i, words[i]);
    }
    memcpy(*blob + strings, names, sizeof(names));
    return fdt_open(*blob, size, fdt);
}

static xi_err shape(void)
{
    uint8_t *blob;
    struct fdt fdt;
    xi_err err = open_words(&blob, &fdt);

    free(blob);
    count = 0;
    return err;
}

static void shape_of(const uint32_t *tokens, uint32_t number)
{
    for (uint32_t i = 0; i < number; i++) {
        add(tokens[i]);
    }
}
#define SHAPE(...) (shape_of((const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / 4), shape())

TEST(takes_one_root_with_padding_between_tokens)
{
    EXPECT(SHAPE(BEGIN, 0, END_NODE, END) == XI_OK);
    EXPECT(SHAPE(NOP, BEGIN, 0, NOP, PROP, 0, REG, NOP, BEGIN, 0x61000000, END_NODE, NOP, END_NODE, NOP, END) == XI_OK);
}

TEST(refuses_tokens_out_of_order)
{
    EXPECT(SHAPE(END) == XI_ERR_SYNTAX);
    EXPECT(SHAPE(END_NODE, END) == XI_ERR_SYNTAX);
    EXPECT(SHAPE(BEGIN, 0, END) == XI_ERR_SYNTAX);
    EXPECT(SHAPE(BEGIN, 0, END_NODE) == XI_ERR_SYNTAX);
    EXPECT(SHAPE(BEGIN, 0, END_NODE, BEGIN, 0, END_NODE, END) == XI_ERR_SYNTAX);
    EXPECT(SHAPE(PROP, 0, REG, BEGIN, 0, END_NODE, END) == XI_ERR_SYNTAX);
    EXPECT(SHAPE(BEGIN, 0, BEGIN, 0x61000000, END_NODE, PROP, 0, REG, END_NODE, END) == XI_ERR_SYNTAX);
    EXPECT(SHAPE(BEGIN, 0, 5, END_NODE, END) == XI_ERR_SYNTAX);
}

TEST(refuses_names_and_values_that_reach_outside)
{
    EXPECT(SHAPE(BEGIN, 0x61616161) == XI_ERR_SYNTAX);
    EXPECT(SHAPE(BEGIN, 0, PROP, 4) == XI_ERR_SYNTAX);
    EXPECT(SHAPE(BEGIN, 0, PROP, 12, REG, END_NODE, END) == XI_ERR_RANGE);
    EXPECT(SHAPE(BEGIN, 0, PROP, 0xffffffff, REG, END_NODE, END) == XI_ERR_RANGE);
    EXPECT(SHAPE(BEGIN, 0, PROP, 0, sizeof(names), END_NODE, END) == XI_ERR_RANGE);
}

TEST(refuses_padding_that_reaches_outside)
{
    cut = 3;
    EXPECT(SHAPE(BEGIN, 0, PROP, 1, REG, 0) == XI_ERR_RANGE);
    EXPECT(SHAPE(BEGIN, 0, BEGIN, 0) == XI_ERR_SYNTAX);
    cut = 0;
}

TEST(takes_so_many_nodes_above_one_another_and_no_more)
{
    for (uint32_t depth = FDT_MAX_DEPTH; depth <= FDT_MAX_DEPTH + 1; depth++) {
        uint8_t *blob;
        struct fdt fdt;
        for (uint32_t i = 0; i < depth; i++) {
            node(i == 0 ? 0 : 0x61000000);
        }
        for (uint32_t i = 0; i < depth; i++) {
            add(END_NODE);
        }
        add(END);
        xi_err err = open_words(&blob, &fdt);
        count = 0;
        EXPECT(err == (depth <= FDT_MAX_DEPTH ? XI_OK : XI_ERR_SYNTAX));
        if (err == XI_OK) {
            fdt_node deepest = fdt_root(&fdt);
            for (fdt_node at = deepest; at != FDT_NONE; at = fdt_first_child(&fdt, at)) {
                EXPECT(at == fdt_root(&fdt) || fdt_parent(&fdt, at) == deepest);
                deepest = at;
            }
        }
        free(blob);
    }
}

/* /a (a bus) with one child that has this reg. */
static xi_err reg_behind_bus(const uint32_t *ranges, uint32_t ranges_count, const uint32_t *reg, uint32_t reg_count,
                             uint32_t address_cells, uint64_t *address, uint64_t *size)
{
    uint8_t *blob;
    struct fdt fdt;

    node(0);
    cells_are(2, 2);
    node(0x61000000);
    cells_are(address_cells, 2);
    property(RANGES, ranges, ranges_count);
    node(0x62000000);
    property(REG, reg, reg_count);
    for (uint32_t i = 0; i < 3; i++) {
        add(END_NODE);
    }
    add(END);
    EXPECT(open_words(&blob, &fdt) == XI_OK);
    count = 0;
    xi_err err = fdt_reg(&fdt, fdt_find(&fdt, "/a/b"), 0, address, size);
    free(blob);
    return err;
}

TEST(translates_only_what_lies_wholly_in_a_range)
{
    static const uint32_t window[] = {0, 0x1000, 0, 0x80000000, 0, 0x1000};
    const uint32_t inside[] = {0, 0x1800, 0, 0x800}, across[] = {0, 0x1800, 0, 0x801}, below[] = {0, 0xfff, 0, 1};
    uint64_t address = 0, size = 0;

    EXPECT(reg_behind_bus(window, 6, inside, 4, 2, &address, &size) == XI_OK);
    EXPECT(address == 0x80000800 && size == 0x800);
    EXPECT(reg_behind_bus(window, 6, across, 4, 2, &address, &size) == XI_ERR_RANGE);
    EXPECT(reg_behind_bus(window, 6, below, 4, 2, &address, &size) == XI_ERR_RANGE);
    EXPECT(reg_behind_bus(NULL, 0, below, 4, 2, &address, &size) == XI_OK && address == 0xfff);
}

TEST(refuses_numbers_that_do_not_fit)
{
    const uint32_t wide[] = {1, 0, 0x1800, 0, 0x800}, narrow[] = {0, 0, 0x1800, 0, 0x800};
    const uint32_t wraps[] = {0xffffffff, 0xfffff000, 0, 0x1001}, fits[] = {0xffffffff, 0xffffe000, 0, 0x1001};
    uint64_t address = 0, size = 0;

    EXPECT(reg_behind_bus(NULL, 0, narrow, 5, 3, &address, &size) == XI_OK && address == 0x1800);
    EXPECT(reg_behind_bus(NULL, 0, wide, 5, 3, &address, &size) == XI_ERR_NOT_FOUND);
    EXPECT(reg_behind_bus(NULL, 0, wraps, 4, 2, &address, &size) == XI_ERR_RANGE);
    EXPECT(reg_behind_bus(NULL, 0, fits, 4, 2, &address, &size) == XI_OK);
    EXPECT(reg_behind_bus(NULL, 0, fits, 4, 0, &address, &size) == XI_ERR_NOT_FOUND);
    EXPECT(reg_behind_bus(NULL, 0, fits, 4, 5, &address, &size) == XI_ERR_NOT_FOUND);
}
