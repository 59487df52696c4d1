/* SPDX-License-Identifier: Apache-2.0 */
/* What is recognised as a kernel, and where its pieces go. */
#include <string.h>

#include <fake/machine.h>
#include <xi/arch.h>
#include <xi/loader.h>

#include "test.h"

#define RAM 0x40000000ull

static uint8_t file[8192];
static struct gunzip unpacker;

static void put64(uint32_t at, uint64_t value)
{
    memcpy(file + at, &value, 8); /* the host is little endian */
}

static void image(uint64_t text_offset, uint64_t image_size)
{
    memset(file, 0x5a, sizeof(file));
    put64(8, text_offset);
    put64(16, image_size);
    memcpy(file + 56, "ARM\x64", 4);
}

static struct guest_places place(uint64_t memory, uint64_t ramdisk, uint64_t ram, xi_err expected)
{
    struct guest_places places = {0};
    struct kernel kernel = {.size = 4096, .memory_size = memory};

    EXPECT(loader_place(&kernel, ramdisk, (struct ipa_range){{RAM}, ram}, &places) == expected);
    return places;
}

TEST(recognises_an_arm64_image)
{
    struct kernel kernel;

    image(0, 0x20000);
    EXPECT(loader_probe(&unpacker, file, sizeof(file), &kernel) == XI_OK);
    EXPECT(!kernel.packed && kernel.size == sizeof(file) && kernel.memory_size == 0x20000 && kernel.text_offset == 0);
    image(0x1001, 0);
    EXPECT(loader_probe(&unpacker, file, sizeof(file), &kernel) == XI_ERR_ALIGN);
    image(0x3000, 0);
    EXPECT(loader_probe(&unpacker, file, sizeof(file), &kernel) == XI_OK && kernel.text_offset == 0x3000);
    EXPECT(loader_probe(&unpacker, file, 63, &kernel) == XI_ERR_BAD_MAGIC);
    file[56] = 0;
    EXPECT(loader_probe(&unpacker, file, sizeof(file), &kernel) == XI_ERR_BAD_MAGIC);
    image(XI_BLOCK, 0x20000);
    EXPECT(loader_probe(&unpacker, file, sizeof(file), &kernel) == XI_ERR_RANGE);
}

TEST(recognises_an_image_inside_a_uimage)
{
    struct kernel kernel;
    static const uint8_t header[] = {0x27, 0x05, 0x19, 0x56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0x40, 0x08, 0, 0,
                                     0x40, 0x08, 0,    0};

    image(0, 0x20000);
    memmove(file + 64, file, 4096);
    memset(file, 0, 64);
    memcpy(file, header, sizeof(header));
    file[29] = 22;
    EXPECT(loader_probe(&unpacker, file, sizeof(file), &kernel) == XI_OK);
    EXPECT(kernel.payload == file + 64 && kernel.payload_size == 4096 && kernel.fixed && kernel.load.ipa == 0x40080000);
    file[29] = 2;
    EXPECT(loader_probe(&unpacker, file, sizeof(file), &kernel) == XI_ERR_UNSUPPORTED);
    file[29] = 22;
    EXPECT(loader_probe(&unpacker, file, 64 + 4096, &kernel) == XI_OK);
    EXPECT(loader_probe(&unpacker, file, 64 + 4095, &kernel) == XI_ERR_TRUNCATED);
    file[12] = 0x7f;
    EXPECT(loader_probe(&unpacker, file, sizeof(file), &kernel) == XI_ERR_TRUNCATED);
}

TEST(puts_tree_and_ramdisk_at_128_mib_where_there_is_room)
{
    struct guest_places places = place(XI_MIB(32), XI_MIB(3), XI_MIB(512), XI_OK);

    EXPECT(places.kernel.start.ipa == RAM && places.entry.ipa == RAM);
    EXPECT(places.dtb.start.ipa == RAM + XI_MIB(128) && places.ramdisk.start.ipa == RAM + XI_MIB(130));
}

TEST(puts_them_at_the_end_of_small_memory)
{
    struct guest_places places = place(XI_MIB(32), XI_MIB(3), XI_MIB(64), XI_OK);

    EXPECT(places.dtb.start.ipa == RAM + XI_MIB(58) && places.ramdisk.start.ipa == RAM + XI_MIB(60));
}

TEST(puts_them_below_a_kernel_that_must_lie_high)
{
    struct guest_places places;
    struct kernel kernel = {.size = 4096, .memory_size = XI_MIB(20), .fixed = true, .load = {RAM + XI_MIB(40)}};
    struct ipa_range ram = {{RAM}, XI_MIB(64)};

    EXPECT(loader_place(&kernel, XI_MIB(8), ram, &places) == XI_OK);
    EXPECT(places.kernel.start.ipa == RAM + XI_MIB(40) && places.dtb.start.ipa == RAM + XI_MIB(30));
    EXPECT(places.ramdisk.start.ipa == RAM + XI_MIB(32));
    EXPECT(loader_place(&kernel, XI_MIB(39), ram, &places) == XI_ERR_NO_SPACE);
}

TEST(refuses_memory_that_does_not_begin_at_2_mib)
{
    struct guest_places places;
    struct kernel kernel = {.size = 4096, .memory_size = 4096};

    EXPECT(loader_place(&kernel, 0, (struct ipa_range){{RAM + XI_PAGE}, XI_MIB(64)}, &places) == XI_ERR_ALIGN);
}

TEST(counts_what_the_kernel_takes_beyond_its_file)
{
    (void)place(XI_MIB(60), XI_MIB(3), XI_MIB(64), XI_ERR_NO_SPACE);
    (void)place(XI_MIB(58), XI_MIB(3), XI_MIB(64), XI_OK);
    (void)place(XI_MIB(65), 0, XI_MIB(64), XI_ERR_NO_SPACE);
    (void)place(XI_MIB(1), ~0ull, XI_MIB(64), XI_ERR_NO_SPACE);
}

TEST(never_lets_the_pieces_overlap)
{
    for (uint32_t n = 0; n < 20000; n++) {
        struct guest_places p;
        struct kernel kernel = {.size = 4096, .memory_size = test_random(XI_MIB(300)) + 1,
                                .text_offset = test_random(XI_BLOCK)};
        uint64_t ramdisk = test_random(XI_MIB(100)), ram = test_random(XI_MIB(512)) + 1;
        if (loader_place(&kernel, ramdisk, (struct ipa_range){{RAM}, ram}, &p) != XI_OK) {
            continue;
        }
        const struct ipa_range all[] = {p.kernel, p.dtb, p.ramdisk};
        for (uint32_t i = 0; i < 3; i++) {
            EXPECT(range_contains(RAM, ram, all[i].start.ipa, all[i].size));
            for (uint32_t j = 0; j < i; j++) {
                EXPECT(!range_overlaps(all[i].start.ipa, all[i].size, all[j].start.ipa, all[j].size));
            }
        }
    }
}

TEST(writes_across_banks_past_the_caches)
{
    static struct guest_map map;
    uint8_t *machine = arch_pa_to_va((pa_t){FAKE_MEMORY_START});

    /* Two banks that touch in the guest, the other way round in the machine. */
    map.bank_count = 2;
    map.banks[0] = (struct guest_bank){{RAM}, {FAKE_MEMORY_START + XI_MIB(1)}, 0x1000};
    map.banks[1] = (struct guest_bank){{RAM + 0x1000}, {FAKE_MEMORY_START}, 0x2000};
    memset(machine, 0xee, XI_MIB(2));
    image(0, 0x3000);
    fake_flushed_bytes = 0;
    EXPECT(loader_write(&map, (ipa_t){RAM}, file, 0x2000) == XI_OK && fake_flushed_bytes == 0x2000);
    EXPECT(memcmp(machine + XI_MIB(1), file, 0x1000) == 0 && memcmp(machine, file + 0x1000, 0x1000) == 0);
    EXPECT(machine[0x1000] == 0xee);
    EXPECT(loader_write(&map, (ipa_t){RAM + 0x2fff}, file, 2) == XI_ERR_RANGE);
    loader_zero((pa_t){FAKE_MEMORY_START}, 0x1000);
    EXPECT(fake_flushed_bytes == 0x3001 && machine[0] == 0 && machine[0xfff] == 0 && machine[0x2000] == 0xee);
}
