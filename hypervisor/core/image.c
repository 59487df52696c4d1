/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

#include <xi/bits.h>
#include <xi/image.h>
#include <xi/string.h>

xi_err image_open(const struct xi_boot_header *header, pa_t load, uint64_t core_size, struct image *image)
{
    static const uint8_t magic[] = BOOT_HEADER_MAGIC;

    if (memcmp(header->magic, magic, sizeof(magic)) != 0) {
        return XI_ERR_BAD_MAGIC;
    }
    if (header->version != BOOT_HEADER_VERSION || header->header_size != sizeof(*header)) {
        return XI_ERR_VERSION;
    }
    if (!xi_is_aligned(load.pa, XI_BLOCK)) {
        return XI_ERR_ALIGN;
    }
    if (header->total_size == 0) {
        *image = (struct image){.range = {load, core_size}, .link = load};
        return XI_OK;
    }
    if (header->total_size > UINT64_MAX - load.pa || header->total_size > UINT64_MAX - header->link_address ||
        header->dtb_size == 0 || header->dtb_offset < core_size ||
        !range_fits(header->dtb_offset, header->dtb_size, header->total_size)) {
        return XI_ERR_RANGE;
    }
    const uint64_t table = xi_align_up(header->dtb_offset + header->dtb_size, sizeof(uint64_t));
    if (header->table_size == 0 || header->table_size % sizeof(struct xi_image_part) != 0 ||
        !range_fits(table, header->table_size, header->total_size)) {
        return XI_ERR_RANGE;
    }
    *image = (struct image){
        .range = {load, header->total_size},
        .linked = true,
        .link = {header->link_address},
        .dtb = {{load.pa + header->dtb_offset}, header->dtb_size},
        .table = {{load.pa + table}, header->table_size},
        .table_sha256 = header->table_sha256,
    };
    return XI_OK;
}

pa_t image_locate(const struct image *image, pa_t start, uint64_t size)
{
    if (image->linked && range_contains(image->link.pa, image->range.size, start.pa, size)) {
        return (pa_t){image->range.start.pa + (start.pa - image->link.pa)};
    }
    return start;
}
