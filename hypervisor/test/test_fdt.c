/* SPDX-License-Identifier: Apache-2.0 */
/* The tree reader and writer, against each other. */
#include <string.h>

#include <xi/bits.h>
#include <xi/fdt.h>
#include <xi/fdt_write.h>

#include "test.h"

static _Alignas(8) uint8_t blob[4096];
static size_t size;
static struct fdt fdt;

static void make(void)
{
    static const uint64_t window[] = {0, 0x80000000, 0x10000000}, reg[] = {0x1000, 0x100};
    struct fdt_writer w;

    fdt_write_begin(&w, blob, sizeof(blob));
    fdt_write_node(&w, "");
    fdt_write_u32(&w, "#address-cells", 2);
    fdt_write_u32(&w, "#size-cells", 2);
    fdt_write_node(&w, "aliases");
    fdt_write_string(&w, "serial0", "/soc/uart@1000");
    fdt_write_end_node(&w);
    fdt_write_node(&w, "soc");
    fdt_write_u32(&w, "#address-cells", 2);
    fdt_write_u32(&w, "#size-cells", 2);
    fdt_write_u64s(&w, "ranges", window, 3);
    fdt_write_node_at(&w, "uart", 0x1000);
    fdt_write_property(&w, "compatible", "acme,uart\0arm,pl011", sizeof("acme,uart\0arm,pl011"));
    fdt_write_u64s(&w, "reg", reg, 2);
    fdt_write_u32(&w, "linux,phandle", 7);
    fdt_write_u32(&w, "phandle", 7);
    fdt_write_string(&w, "status", "disabled");
    fdt_write_end_node(&w);
    fdt_write_node(&w, "empty");
    fdt_write_end_node(&w);
    fdt_write_end_node(&w);
    fdt_write_end_node(&w);
    EXPECT(fdt_write_finish(&w, &size) == XI_OK);
    EXPECT(fdt_open(blob, size, &fdt) == XI_OK);
}

TEST(finds_nodes_by_path_alias_phandle_and_compatible)
{
    make();
    fdt_node uart = fdt_find(&fdt, "/soc/uart@1000");
    EXPECT(uart != FDT_NONE && strcmp(fdt_name(&fdt, uart), "uart@1000") == 0);
    EXPECT(fdt_find(&fdt, "/soc/uart") == uart);
    EXPECT(fdt_find(&fdt, "serial0:115200n8") == uart);
    EXPECT(fdt_by_phandle(&fdt, 7) == uart);
    EXPECT(fdt_next_compatible(&fdt, FDT_NONE, "arm,pl011") == uart);
    EXPECT(fdt_next_compatible(&fdt, uart, "arm,pl011") == FDT_NONE);
    EXPECT(fdt_find(&fdt, "/soc/uar") == FDT_NONE && fdt_find(&fdt, "serial1") == FDT_NONE);
    EXPECT(fdt_find(&fdt, "/") == fdt_root(&fdt));
}

TEST(walks_the_tree_in_order)
{
    make();
    fdt_node soc = fdt_find(&fdt, "/soc"), uart = fdt_first_child(&fdt, soc);
    fdt_node none = fdt_next_sibling(&fdt, fdt_next_sibling(&fdt, uart));
    EXPECT(none == FDT_NONE && fdt_parent(&fdt, uart) == soc && fdt_parent(&fdt, fdt_root(&fdt)) == FDT_NONE);
    uint32_t count = 0;
    for (fdt_node node = fdt_root(&fdt); node != FDT_NONE; node = fdt_next(&fdt, node)) {
        count++;
    }
    EXPECT(count == 5);
}

TEST(translates_addresses_through_ranges)
{
    uint64_t address, length;
    char path[32];

    make();
    fdt_node uart = fdt_find(&fdt, "/soc/uart");
    EXPECT(fdt_reg(&fdt, uart, 0, &address, &length) == XI_OK && address == 0x80001000 && length == 0x100);
    EXPECT(fdt_reg(&fdt, uart, 1, &address, &length) == XI_ERR_NOT_FOUND);
    EXPECT(strcmp(fdt_path(&fdt, uart, path, sizeof(path)), "/soc/uart@1000") == 0);
    EXPECT(strcmp(fdt_path(&fdt, fdt_root(&fdt), path, sizeof(path)), "/") == 0);
    EXPECT(strlen(fdt_path(&fdt, uart, path, 8)) < 8);
    EXPECT(!fdt_is_available(&fdt, uart) && fdt_is_available(&fdt, fdt_root(&fdt)));
}

TEST(shares_the_ends_of_names_as_libfdt_does)
{
    make();
    uint32_t found = 0;
    for (size_t at = 0; at + 8 <= size; at++) {
        found += memcmp(blob + at, "phandle", 8) == 0;
    }
    EXPECT(found == 1);
}

TEST(refuses_damaged_headers)
{
    struct fdt out;

    make();
    EXPECT(fdt_open(blob + 4, size - 4, &out) == XI_ERR_ALIGN);
    EXPECT(fdt_open(blob, 39, &out) == XI_ERR_TRUNCATED);
    EXPECT(fdt_open(blob, size - 1, &out) == XI_ERR_TRUNCATED);
    blob[0] = 0;
    EXPECT(fdt_open(blob, size, &out) == XI_ERR_BAD_MAGIC);
    make();
    xi_write_be32(blob + 24, 18); /* last compatible version */
    EXPECT(fdt_open(blob, size, &out) == XI_ERR_VERSION);
    make();
    xi_write_be32(blob + 4, 0x200001);
    EXPECT(fdt_open(blob, sizeof(blob), &out) == XI_ERR_RANGE);
    make();
    xi_write_be32(blob + 36, 0xfffffff0);
    EXPECT(fdt_open(blob, size, &out) == XI_ERR_RANGE);
    make();
    xi_write_be32(blob + 8, 3); /* structure not at 4 */
    EXPECT(fdt_open(blob, size, &out) == XI_ERR_ALIGN);
}

TEST(says_when_the_buffer_is_full)
{
    struct fdt_writer w;
    size_t end;

    for (size_t capacity = 0; capacity < 128; capacity++) {
        fdt_write_begin(&w, blob, capacity);
        fdt_write_node(&w, "");
        fdt_write_string(&w, "a-property", "with a value that is longer than what is left of it");
        fdt_write_end_node(&w);
        xi_err err = fdt_write_finish(&w, &end);
        EXPECT(err == XI_ERR_NO_SPACE || (err == XI_OK && end <= capacity));
    }
}
