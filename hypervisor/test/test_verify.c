/* SPDX-License-Identifier: Apache-2.0 */
/* What is linked to the core is compared with the table of parts, and the table with the core's own digest. */
#include <string.h>

#include <fake/machine.h>
#include <xi/arch.h>
#include <xi/sha256.h>
#include <xi/verify.h>

#include "test.h"

#define LOAD FAKE_MEMORY_START
enum { TREE = 0x200000, TREE_BYTES = 1001, TABLE = 0x2003f0, KERNEL = 0x400000, RAMDISK = 0x600000, DEVICES = 0x800000 };

static struct image image;
static struct system_config config;
static struct config_error why;
static uint8_t table_sha256[SHA256_BYTES];

static uint8_t *at(uint64_t offset)
{
    return arch_pa_to_va((pa_t){LOAD + offset});
}

static struct pa_range part(uint64_t offset, uint64_t size)
{
    struct xi_image_part *next = (struct xi_image_part *)(void *)at(TABLE + image.table.size);

    *next = (struct xi_image_part){.offset = offset, .size = size};
    for (uint64_t i = 0; i < size; i++) {
        at(offset)[i] = (uint8_t)test_random(256);
    }
    sha256(at(offset), size, next->sha256);
    image.table.size += sizeof(*next);
    return (struct pa_range){{LOAD + offset}, size};
}

/* Two domains: one with each kind of module, one without a ramdisk. */
static void begin(void)
{
    memset(&config, 0, sizeof(config));
    memset(&why, 0, sizeof(why));
    image = (struct image){.range = {{LOAD}, 0xa00000}, .linked = true, .table = {{LOAD + TABLE}, 0}};
    image.table_sha256 = table_sha256;
    image.dtb = part(TREE, TREE_BYTES);
    config.domain_count = 2;
    strcpy(config.domains[0].name, "linux-a");
    config.domains[0].kernel.file = part(KERNEL, 70000);
    config.domains[0].ramdisk.file = part(RAMDISK, 1);
    config.domains[0].devices.file = part(DEVICES, 64);
    strcpy(config.domains[1].name, "b");
    config.domains[1].kernel.file = part(KERNEL + 0x100000, 4096);
    config.domains[1].devices.file = part(DEVICES + 0x100000, 100);
    sha256(at(TABLE), image.table.size, table_sha256);
}

static bool says(const char *line)
{
    return strcmp(why.line, line) == 0;
}

TEST(takes_an_image_as_it_was_packed)
{
    begin();
    EXPECT(verify_tree(&image, &why) == XI_OK && verify_modules(&image, &config, &why) == XI_OK);
}

TEST(names_the_module_that_differs_in_any_byte)
{
    static const struct {
        uint64_t offset;
        const char *line;
    } changes[] = {
        {KERNEL, "module linux-a/kernel at 0x80400000: SHA-256 differs from the image's table"},
        {KERNEL + 69999, "module linux-a/kernel at 0x80400000: SHA-256 differs from the image's table"},
        {RAMDISK, "module linux-a/ramdisk at 0x80600000: SHA-256 differs from the image's table"},
        {DEVICES + 33, "module linux-a/passthrough at 0x80800000: SHA-256 differs from the image's table"},
        {KERNEL + 0x100000 + 4095, "module b/kernel at 0x80500000: SHA-256 differs from the image's table"},
        {DEVICES + 0x100000, "module b/passthrough at 0x80900000: SHA-256 differs from the image's table"},
    };

    begin();
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        *at(changes[i].offset) ^= 1;
        EXPECT(verify_tree(&image, &why) == XI_OK);
        EXPECT(verify_modules(&image, &config, &why) == XI_ERR_CHECKSUM && says(changes[i].line));
        *at(changes[i].offset) ^= 1;
    }
    EXPECT(verify_modules(&image, &config, &why) == XI_OK);
}

TEST(refuses_a_changed_tree_and_a_changed_table)
{
    begin();
    for (uint32_t i = 0; i < TREE_BYTES; i += 100) {
        *at(TREE + i) ^= 0x80;
        EXPECT(verify_tree(&image, &why) == XI_ERR_CHECKSUM);
        EXPECT(says("the device tree at 0x80200000: SHA-256 differs from the image's table"));
        *at(TREE + i) ^= 0x80;
    }
    for (uint32_t i = 0; i < image.table.size; i++) {
        *at(TABLE + i) ^= 1;
        EXPECT(verify_tree(&image, &why) == XI_ERR_CHECKSUM);
        EXPECT(says("the device tree at 0x80200000: the image's table of parts is damaged"));
        *at(TABLE + i) ^= 1;
    }
    EXPECT(verify_tree(&image, &why) == XI_OK);
}

TEST(compares_every_byte_of_a_digest)
{
    begin();
    struct xi_image_part *kernel = (struct xi_image_part *)(void *)at(TABLE) + 1;
    for (uint32_t i = 0; i < SHA256_BYTES; i++) {
        kernel->sha256[i] ^= 1;
        sha256(at(TABLE), image.table.size, table_sha256);
        EXPECT(verify_tree(&image, &why) == XI_OK && verify_modules(&image, &config, &why) == XI_ERR_CHECKSUM);
        kernel->sha256[i] ^= 1;
        sha256(at(TABLE), image.table.size, table_sha256);
        table_sha256[i] ^= 1;
        EXPECT(verify_tree(&image, &why) == XI_ERR_CHECKSUM);
    }
}

/* Nothing covers what lies there. */
TEST(takes_no_entry_from_behind_the_table)
{
    begin();
    image.table.size -= sizeof(struct xi_image_part);
    sha256(at(TABLE), image.table.size, table_sha256);
    EXPECT(verify_tree(&image, &why) == XI_OK && verify_modules(&image, &config, &why) == XI_ERR_CHECKSUM);
    EXPECT(says("module b/passthrough at 0x80900000: not in the image's table"));
}

TEST(starts_nothing_that_the_table_does_not_have_as_it_is)
{
    begin();
    config.domains[0].ramdisk.file.size = 2;
    EXPECT(verify_modules(&image, &config, &why) == XI_ERR_CHECKSUM);
    EXPECT(says("module linux-a/ramdisk at 0x80600000: not in the image's table"));
    begin();
    config.domains[1].kernel.file.start.pa = LOAD + 0xf00000; /* outside of the image */
    EXPECT(verify_modules(&image, &config, &why) == XI_ERR_CHECKSUM);
    EXPECT(says("module b/kernel at 0x80f00000: not in the image's table"));
    begin();
    image.dtb.size--;
    EXPECT(verify_tree(&image, &why) == XI_ERR_CHECKSUM);
    EXPECT(says("the device tree at 0x80200000: not in the image's table"));
}

TEST(leaves_what_others_loaded_to_them)
{
    begin();
    *at(KERNEL) ^= 1;
    *at(TREE) ^= 1;
    image.linked = false;
    EXPECT(verify_tree(&image, &why) == XI_OK && verify_modules(&image, &config, &why) == XI_OK);
}
