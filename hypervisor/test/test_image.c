/* SPDX-License-Identifier: Apache-2.0 */
#include <xi/image.h>

#include "test.h"

#define CORE 0x100000u

static struct xi_boot_header linked(void)
{
    return (struct xi_boot_header){.magic = BOOT_HEADER_MAGIC,
                                   .version = BOOT_HEADER_VERSION,
                                   .header_size = sizeof(struct xi_boot_header),
                                   .link_address = 0x40200000,
                                   .total_size = 0x800000,
                                   .dtb_offset = 0x200000,
                                   .dtb_size = 0x1001,
                                   .table_size = 2 * sizeof(struct xi_image_part)};
}

static xi_err opened(struct xi_boot_header header, uint64_t load)
{
    struct image image;

    return image_open(&header, (pa_t){load}, CORE, &image);
}

TEST(finds_what_is_inside_wherever_the_image_lies)
{
    struct xi_boot_header header = linked();
    struct image image;

    EXPECT(image_open(&header, (pa_t){0x90000000}, CORE, &image) == XI_OK);
    EXPECT(image.linked && image.dtb.start.pa == 0x90200000 && image.range.size == 0x800000);
    EXPECT(image.table.start.pa == 0x90201008 && image.table.size == 2 * sizeof(struct xi_image_part));
    EXPECT(image.table_sha256 == header.table_sha256);
    EXPECT(image_locate(&image, (pa_t){0x40600000}, 0x1000).pa == 0x90400000);
    EXPECT(image_locate(&image, (pa_t){0x409ff000}, 0x2000).pa == 0x409ff000); /* reaches out of it */
    EXPECT(image_locate(&image, (pa_t){0x50000000}, 0x1000).pa == 0x50000000);
}

TEST(takes_a_bare_core_as_it_is)
{
    struct xi_boot_header header = {.magic = BOOT_HEADER_MAGIC, .version = BOOT_HEADER_VERSION, .header_size = sizeof(header)};
    struct image image;

    EXPECT(image_open(&header, (pa_t){0x40200000}, CORE, &image) == XI_OK);
    EXPECT(!image.linked && image.range.size == CORE && image.dtb.size == 0);
    EXPECT(image_locate(&image, (pa_t){0x40200000}, 0x1000).pa == 0x40200000);
}

TEST(refuses_headers_that_contradict_themselves)
{
    struct xi_boot_header h;

    EXPECT(opened(linked(), 0x40200000) == XI_OK);
    EXPECT(opened(linked(), 0x40201000) == XI_ERR_ALIGN);
    h = linked(), h.magic[0] = 'x';
    EXPECT(opened(h, 0x40200000) == XI_ERR_BAD_MAGIC);
    h = linked(), h.version = BOOT_HEADER_VERSION - 1;
    EXPECT(opened(h, 0x40200000) == XI_ERR_VERSION);
    h = linked(), h.header_size -= 8;
    EXPECT(opened(h, 0x40200000) == XI_ERR_VERSION);
    h = linked(), h.dtb_offset = 0x800000;
    EXPECT(opened(h, 0x40200000) == XI_ERR_RANGE);
    h = linked(), h.dtb_size = 0;
    EXPECT(opened(h, 0x40200000) == XI_ERR_RANGE);
    h = linked(), h.dtb_size = UINT64_MAX;
    EXPECT(opened(h, 0x40200000) == XI_ERR_RANGE);
    h = linked(), h.total_size = CORE - 1;
    EXPECT(opened(h, 0x40200000) == XI_ERR_RANGE);
    h = linked(), h.dtb_offset = CORE - 1;
    EXPECT(opened(h, 0x40200000) == XI_ERR_RANGE);
    h = linked(), h.table_size = 0;
    EXPECT(opened(h, 0x40200000) == XI_ERR_RANGE);
    h = linked(), h.table_size--;
    EXPECT(opened(h, 0x40200000) == XI_ERR_RANGE);
    h = linked(), h.table_size = UINT64_MAX / sizeof(struct xi_image_part) * sizeof(struct xi_image_part);
    EXPECT(opened(h, 0x40200000) == XI_ERR_RANGE);
    h = linked(), h.dtb_size = h.total_size - h.dtb_offset - 1; /* the table would lie behind the image */
    EXPECT(opened(h, 0x40200000) == XI_ERR_RANGE);
    h = linked(), h.link_address = UINT64_MAX - 0x1000;
    EXPECT(opened(h, 0x40200000) == XI_ERR_RANGE);
    EXPECT(opened(linked(), UINT64_MAX - 0x9fffff) == XI_OK); /* the last place where it fits */
    EXPECT(opened(linked(), UINT64_MAX - 0x7fffff) == XI_ERR_RANGE);
}
