/* SPDX-License-Identifier: Apache-2.0 */
/* A domain that is put into its memory, piece by piece. */
#include <string.h>

#include <fake/machine.h>
#include <xi/arch.h>
#include <xi/console.h>
#include <xi/hypercall.h>
#include <xi/load.h>
#include <xi/vtimer.h>

#include "fake_guest.h"
#include "test.h"

#define BANK_PA (FAKE_MEMORY_START + XI_MIB(8))
#define BANK_BYTES XI_MIB(16)
#define KERNEL_PA (FAKE_MEMORY_START + XI_MIB(32))
#define RAMDISK_PA (FAKE_MEMORY_START + XI_MIB(40))

enum { KERNEL_BYTES = 7 * LOAD_PIECE + 100, RAMDISK_BYTES = LOAD_PIECE + 7 };

static struct config_machine machine;
static struct domain_config config;
static struct guest_map map;
static struct domain_load load;
static uint32_t lines;

void xi_log(const char *format, ...)
{
    (void)format;
    lines++;
}

void vtimer_reset(struct vcpu *vcpu) { (void)vcpu; }
void arch_icache_sync(void) {}

void arch_vcpu_set_counter_offset(struct vcpu *vcpu, uint64_t offset)
{
    (void)vcpu, (void)offset;
}

static uint8_t *at(uint64_t pa)
{
    return arch_pa_to_va((pa_t){pa});
}

static void begin(void)
{
    struct pa_range pool = {{FAKE_MEMORY_START}, XI_MIB(1)};
    const struct pa_range bank = {{BANK_PA}, BANK_BYTES};
    uint64_t size = 0x40000;

    fake_guest_new(1);
    memset(&load, 0, sizeof(load));
    memset(&machine, 0, sizeof(machine));
    memset(&config, 0, sizeof(config));
    machine.gic.version = 3;
    config.cpus = 1;
    config.memory = BANK_BYTES;
    config.kernel.file = (struct pa_range){{KERNEL_PA}, KERNEL_BYTES};
    config.ramdisk.file = (struct pa_range){{RAMDISK_PA}, RAMDISK_BYTES};
    EXPECT(guest_map_make(&machine, &config, &bank, 1, &map) == XI_OK);
    EXPECT(stage2_init(&guest.domain.stage2, 1, pool) == XI_OK);
    guest.domain.config = &config;
    xen_domain_init(&guest.domain, fake_guest_xen_memory());
    guest.domain.map = &map;
    load.machine = &machine;
    memset(at(BANK_PA - XI_MIB(1)), 0xee, BANK_BYTES + XI_MIB(2));
    for (uint32_t i = 0; i < KERNEL_BYTES; i++) {
        at(KERNEL_PA)[i] = (uint8_t)(i * 7 + i / 251);
    }
    memset(at(KERNEL_PA), 0, 64);
    memcpy(at(KERNEL_PA) + 16, &size, 8);
    memcpy(at(KERNEL_PA) + 56, "ARM\x64", 4);
    memset(at(RAMDISK_PA), 0x77, RAMDISK_BYTES);
    lines = 0;
}

static uint64_t machine_of(uint64_t ipa)
{
    return ipa - map.banks[0].guest.ipa + BANK_PA;
}

TEST(puts_kernel_ramdisk_and_tree_where_they_belong_and_nothing_else)
{
    begin();
    EXPECT(load_begin(&load, &guest.domain) == XI_OK);
    while (load.stage != LOAD_DONE) {
        EXPECT(load_step(&load) == XI_OK);
    }
    uint64_t kernel = machine_of(load.places.kernel.start.ipa), ramdisk = machine_of(load.places.ramdisk.start.ipa);
    uint64_t tree = machine_of(load.places.dtb.start.ipa);
    EXPECT(memcmp(at(kernel), at(KERNEL_PA), KERNEL_BYTES) == 0 && at(kernel)[KERNEL_BYTES] == 0);
    EXPECT(memcmp(at(ramdisk), at(RAMDISK_PA), RAMDISK_BYTES) == 0 && at(ramdisk)[RAMDISK_BYTES] == 0);
    EXPECT(memcmp(at(tree), "\xd0\x0d\xfe\xed", 4) == 0);
    EXPECT(at(BANK_PA - 1)[0] == 0xee && at(BANK_PA + BANK_BYTES)[0] == 0xee);
    uint64_t left = 0;
    for (uint64_t i = 0; i < BANK_BYTES; i++) {
        left += at(BANK_PA)[i] == 0xee && (BANK_PA + i < kernel || BANK_PA + i >= kernel + KERNEL_BYTES) ? 1 : 0;
    }
    EXPECT(left == 0);
    EXPECT(lines == 3); /* a log line for each, however many pieces */
}

TEST(does_a_bounded_piece_at_a_time)
{
    uint32_t steps = 0;

    begin();
    EXPECT(load_begin(&load, &guest.domain) == XI_OK);
    while (load.stage != LOAD_DONE) {
        uint64_t before = fake_flushed_bytes;
        EXPECT(load_step(&load) == XI_OK);
        EXPECT(fake_flushed_bytes - before <= LOAD_PIECE);
        steps++;
    }
    EXPECT(steps == BANK_BYTES / LOAD_PIECE + 2 + 8 + 2 + 1);
}

TEST(maps_a_table_at_a_time_where_only_pages_fit)
{
    const struct pa_range bank = {{BANK_PA + XI_PAGE}, BANK_BYTES};
    uint32_t steps = 0;

    begin();
    EXPECT(guest_map_make(&machine, &config, &bank, 1, &map) == XI_OK);
    EXPECT(load_begin(&load, &guest.domain) == XI_OK);
    while (load.stage != LOAD_KERNEL) {
        bool maps = load.stage == LOAD_MAP;
        EXPECT(load_step(&load) == XI_OK);
        steps += maps ? 1 : 0;
    }
    EXPECT(steps == BANK_BYTES / XI_BLOCK + 1);
}

TEST(says_once_why_a_domain_cannot_be)
{
    begin();
    at(KERNEL_PA)[56] = 0;
    EXPECT(load_begin(&load, &guest.domain) == XI_ERR_BAD_MAGIC && lines == 1);
    begin();
    config.ramdisk.file.size = BANK_BYTES;
    EXPECT(load_begin(&load, &guest.domain) == XI_ERR_NO_SPACE && lines == 1);
}

static uint32_t crc32(const uint8_t *bytes, size_t size)
{
    uint32_t crc = 0xffffffff;

    for (size_t i = 0; i < 8 * size; i++) {
        crc ^= i % 8 == 0 ? bytes[i / 8] : 0;
        crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
    }
    return ~crc;
}

static void put_le32(uint8_t *to, uint32_t value)
{
    for (uint32_t i = 0; i < 4; i++) {
        to[i] = (uint8_t)(value >> 8 * i);
    }
}

/* The first `size` bytes of the kernel as gzip with stored blocks, claiming to be `claimed` bytes long. */
static void pack(uint32_t size, uint32_t claimed)
{
    static uint8_t packed[KERNEL_BYTES + 64 * 5];
    static const uint8_t header[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
    const uint8_t *kernel = at(KERNEL_PA);
    uint8_t *to = packed;

    memcpy(to, header, sizeof(header));
    to += sizeof(header);
    for (uint32_t from = 0; from < size;) {
        uint32_t part = size - from < 0xffff ? size - from : 0xffff;
        *to++ = from + part == size;
        put_le32(to, part | ~part << 16);
        memcpy(to + 4, kernel + from, part);
        to += 4 + part;
        from += part;
    }
    put_le32(to, crc32(kernel, size));
    put_le32(to + 4, claimed);
    config.kernel.file.size = (uint64_t)(to + 8 - packed);
    memcpy(at(KERNEL_PA), packed, config.kernel.file.size);
}

static xi_err load_all(void)
{
    xi_err err = load_begin(&load, &guest.domain);

    while (err == XI_OK && load.stage != LOAD_DONE) {
        err = load_step(&load);
    }
    return err;
}

TEST(unpacks_a_kernel_and_not_a_byte_more_than_it_claims)
{
    static uint8_t kernel[200000];

    begin();
    memcpy(kernel, at(KERNEL_PA), sizeof(kernel));
    pack(sizeof(kernel), sizeof(kernel));
    EXPECT(load_all() == XI_OK);
    const uint8_t *loaded = at(machine_of(load.places.kernel.start.ipa));
    EXPECT(memcmp(loaded, kernel, sizeof(kernel)) == 0 && loaded[sizeof(kernel)] == 0);

    at(KERNEL_PA)[5000] ^= 1;
    EXPECT(load_all() == XI_ERR_CHECKSUM);

    begin();
    pack(sizeof(kernel), 40000);
    EXPECT(load_all() == XI_ERR_NO_SPACE && loaded[40000] == 0);
}
