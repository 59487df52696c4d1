/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "efi_image.h"
#include "test.h"

static struct efi_image image;

static bool opened(struct plan_fault *fault)
{
    struct plan plan;

    return plan_open(&image.header, &plan, fault);
}

/* Makes the image sound, has it changed, and looks for the rule and the entry that it breaks. */
#define REFUSES(change, words, number)                                                   \
    do {                                                                                 \
        struct plan_fault fault;                                                         \
        efi_image_make(&image, 0x40000000);                                              \
        change;                                                                          \
        EXPECT(!opened(&fault) && strcmp(fault.rule, words) == 0 && fault.entry == (number)); \
    } while (0)

TEST(gives_a_sound_plan)
{
    struct plan plan;
    struct plan_fault fault;

    efi_image_make(&image, 0x40000000);
    EXPECT(plan_open(&image.header, &plan, &fault));
    EXPECT(plan.count == EFI_IMAGE_ENTRIES && plan.entries == image.entries);
    EXPECT(plan.hypervisor == &image.entries[0] && plan.tree == &image.entries[1]);
    EXPECT(plan.image == (const uint8_t *)&image && plan_pages(&image.entries[2]) == 1);
}

TEST(leaves_the_plan_as_it_was_where_it_is_not_sound)
{
    struct plan plan = {.count = 77};
    struct plan_fault fault;

    efi_image_make(&image, 0x40000000);
    image.entries[2].kind = 0;
    EXPECT(!plan_open(&image.header, &plan, &fault) && plan.count == 77 && plan.entries == NULL);
}

TEST(refuses_a_header_that_is_not_its_own)
{
    const char *rule = "the stub's header is not its own";

    REFUSES(image.header.magic[0] ^= 1, rule, 0);
    REFUSES(image.header.version = 2, rule, 0);
    REFUSES(image.header.header_size = 63, rule, 0);
    REFUSES(image.header.reserved = 1, rule, 0);
    REFUSES(image.header.plan_size = 0, "there is none", 0);
    REFUSES(image.header.plan_offset = sizeof(image), "it lies outside of the image", 0);
    REFUSES(image.header.plan_offset = UINT64_MAX - 7, "it lies outside of the image", 0);
    REFUSES(image.header.plan_size = UINT64_MAX, "it lies outside of the image", 0);
    REFUSES(image.header.image_size = 100, "it lies outside of the image", 0);
    REFUSES(image.header.plan_offset += 4, "it is not aligned", 0);
}

TEST(refuses_a_table_that_is_not_one)
{
    REFUSES(image.header.plan_size = 23, "it has no header", 0);
    REFUSES(image.table.magic[7] = 2, "it has no header", 0);
    REFUSES(image.table.version = 2, "its version is not known", 0);
    REFUSES(image.table.header_size = 32, "its version is not known", 0);
    REFUSES(image.table.entry_size = 120, "its version is not known", 0);
    REFUSES(image.table.count = PLAN_MOST + 1, "it has too many entries", 0);
    REFUSES(image.table.count = UINT32_MAX, "it has too many entries", 0);
    REFUSES(image.table.count = 4, "its size is not that of its entries", 0);
    REFUSES(image.header.plan_size += 8, "its size is not that of its entries", 0);
}

TEST(refuses_an_entry_that_reaches_beyond_anything)
{
    REFUSES(memset(image.entries[1].name, 'x', sizeof(image.entries[1].name)), "its name is no text", 2);
    REFUSES(image.entries[1].name[0] = 0, "its name is no text", 2);
    REFUSES(image.entries[1].name[3] = '\n', "its name is no text", 2);
    REFUSES(image.entries[4].kind = 6, "its kind is not known", 5);
    REFUSES(image.entries[0].reserved = 1, "its kind is not known", 1);
    REFUSES(image.entries[2].memory = UINT64_MAX, "it reaches beyond machine memory", 3);
    REFUSES(image.entries[2].destination = 0xfffffffffffff000, "it reaches beyond machine memory", 3);
    REFUSES(image.entries[2].destination = 1ULL << 52, "it reaches beyond machine memory", 3);
    REFUSES(image.entries[2].destination += 8, "it takes no whole pages", 3);
    REFUSES(image.entries[4].memory = 0, "it takes no whole pages", 5);
    REFUSES(image.entries[3].size = 1, "it is memory, and has bytes", 4);
    REFUSES(image.entries[2].size = 0, "its bytes do not fit its memory", 3);
    REFUSES(image.entries[2].size = 0x1000, "its bytes do not fit its memory", 3);
    REFUSES(image.entries[2].source = sizeof(image) - 0xffe, "its bytes lie outside of the image", 3);
    REFUSES(image.entries[2].source = UINT64_MAX, "its bytes lie outside of the image", 3);
}

TEST(refuses_files_that_go_to_the_same_place)
{
    REFUSES(image.entries[2].destination = 0x4000f000, "it goes where another file goes", 3);
    REFUSES(image.entries[1].destination = 0x40000000, "it goes where another file goes", 2);
    REFUSES(image.entries[2].destination = 0x3ffff000; image.entries[2].memory = 0x1001,
            "it goes where another file goes", 3);
}

TEST(takes_files_that_only_touch)
{
    struct plan_fault fault;

    efi_image_make(&image, 0x40000000);
    image.entries[2].destination = 0x3ffff000;
    EXPECT(opened(&fault));
    image.entries[2].source = sizeof(image) - 0xfff;
    EXPECT(opened(&fault));
}

TEST(wants_one_hypervisor_and_one_tree)
{
    const char *rule = "it has not one hypervisor and one device tree";

    REFUSES(image.entries[0].kind = PLAN_MODULE, rule, 0);
    REFUSES(image.entries[1].kind = PLAN_MODULE, rule, 0);
    REFUSES(image.entries[2].kind = PLAN_TREE, rule, 0);
    REFUSES(image.entries[2].kind = PLAN_HYPERVISOR, rule, 0);
}
