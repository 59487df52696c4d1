/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <string.h>

#include "../efi/memory_map.h"
#include "test.h"

/* Longer than the specification's own, as firmware's are. */
struct descriptor {
    struct efi_memory_descriptor own;
    uint64_t more;
};

static struct descriptor descriptors[] = {
    {{.type = EFI_CONVENTIONAL, .start = 0x42000000, .pages = 0x1000}, 1},
    {{.type = EFI_BOOT_SERVICES_DATA, .start = 0x40000000, .pages = 0x1000}, 1},
    {{.type = EFI_CONVENTIONAL, .start = 0x41000000, .pages = 0x1000}, 1},
    {{.type = EFI_RUNTIME_SERVICES_DATA, .start = 0x43000000, .pages = 0x10}, 1},
    {{.type = EFI_LOADER_CODE, .start = 0x43010000, .pages = 0x10}, 1},
    {{.type = EFI_RESERVED, .start = 0x43020000, .pages = 0x10}, 1},
    {{.type = EFI_MMIO, .start = 0x09000000, .pages = 1}, 1},
    {{.type = EFI_CONVENTIONAL, .start = 0xfffffffffffff000, .pages = UINT64_MAX}, 1},
    {{.type = EFI_CONVENTIONAL, .start = 0x50000000, .pages = 0}, 1},
    {{.type = EFI_CONVENTIONAL, .start = 0x60000000, .pages = (1ULL << 52) + 1}, 1}, /* 2^64 bytes and a page */
};

static const struct memory_map map = {.descriptors = (const uint8_t *)descriptors,
                                      .size = sizeof(descriptors),
                                      .descriptor_size = sizeof(descriptors[0])};

static bool is(uint64_t start, uint64_t size, enum memory_use use)
{
    struct memory_obstacle obstacle;

    return memory_is(&map, start, size, use, &obstacle);
}

static bool stops(uint64_t start, uint64_t size, enum memory_use use, uint64_t at, uint32_t type)
{
    struct memory_obstacle obstacle = {0};

    return !memory_is(&map, start, size, use, &obstacle) && obstacle.at == at && obstacle.type == type;
}

TEST(files_go_only_to_what_is_free_now)
{
    EXPECT(is(0x41000000, 0x2000000, MEMORY_NOW)); /* two descriptors, not in order */
    EXPECT(stops(0x40fff000, 0x2000, MEMORY_NOW, 0x40fff000, EFI_BOOT_SERVICES_DATA));
    EXPECT(stops(0x42fff000, 0x2000, MEMORY_NOW, 0x43000000, EFI_RUNTIME_SERVICES_DATA));
    EXPECT(stops(0x43010000, 0x1000, MEMORY_NOW, 0x43010000, EFI_LOADER_CODE));
}

TEST(domains_own_what_boot_services_give_back)
{
    EXPECT(is(0x40000000, 0x3000000, MEMORY_OURS));
    EXPECT(is(0x43010000, 0x10000, MEMORY_OURS));
    EXPECT(stops(0x42fff000, 0x2000, MEMORY_OURS, 0x43000000, EFI_RUNTIME_SERVICES_DATA));
}

TEST(ram_may_be_what_nobody_calls_any_more)
{
    EXPECT(is(0x40000000, 0x3020000, MEMORY_THERE));
    EXPECT(stops(0x40000000, 0x3021000, MEMORY_THERE, 0x43020000, EFI_RESERVED));
    EXPECT(stops(0x09000000, 0x1000, MEMORY_THERE, 0x09000000, EFI_MMIO));
}

TEST(what_no_descriptor_has_is_no_memory)
{
    EXPECT(stops(0x3ffff000, 0x1000, MEMORY_THERE, 0x3ffff000, MEMORY_HOLE));
    EXPECT(stops(0x43020000, 0x11000, MEMORY_THERE, 0x43020000, EFI_RESERVED));
    EXPECT(stops(0x43030000, 0x1000, MEMORY_NOW, 0x43030000, MEMORY_HOLE));
}

TEST(descriptors_that_make_no_sense_are_passed_over)
{
    EXPECT(stops(0xfffffffffffff000, 0xfff, MEMORY_NOW, 0xfffffffffffff000, MEMORY_HOLE));
    EXPECT(stops(0x60000000, 0x1000, MEMORY_NOW, 0x60000000, MEMORY_HOLE));
    EXPECT(stops(0x50000000, 0x1000, MEMORY_NOW, 0x50000000, MEMORY_HOLE));
}

TEST(a_map_of_another_kind_has_nothing)
{
    struct memory_map other = map;
    struct memory_obstacle obstacle;

    other.descriptor_size = 39;
    EXPECT(!memory_is(&other, 0x41000000, 0x1000, MEMORY_NOW, &obstacle));
    other.descriptor_size = UINT64_MAX;
    EXPECT(!memory_is(&other, 0x41000000, 0x1000, MEMORY_NOW, &obstacle));
    other = map;
    other.size = sizeof(descriptors[0]) - 1;
    EXPECT(!memory_is(&other, 0x42000000, 0x1000, MEMORY_NOW, &obstacle));
}

TEST(types_have_words)
{
    EXPECT(strcmp(memory_type_text(EFI_BOOT_SERVICES_CODE), "boot services'") == 0);
    EXPECT(strcmp(memory_type_text(MEMORY_HOLE), "no memory") == 0);
    EXPECT(strcmp(memory_type_text(200), "not RAM for use") == 0);
}
