/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/gunzip.h>
#include <xi/loader.h>
#include <xi/string.h>

/* arm64 Image header (Linux Documentation/arm64/booting.rst). */
#define IMAGE_HEADER_SIZE 64u
#define IMAGE_MAGIC 0x644d5241u
enum { IMAGE_TEXT_OFFSET = 8, IMAGE_SIZE = 16, IMAGE_AT_MAGIC = 56 };

/* U-Boot's legacy image header: include/image.h, big endian. */
#define UIMAGE_HEADER_SIZE 64u
#define UIMAGE_MAGIC 0x27051956u
enum { UIMAGE_DATA_SIZE = 12, UIMAGE_LOAD = 16, UIMAGE_ENTRY = 20, UIMAGE_ARCH = 29, UIMAGE_COMPRESSION = 31 };
enum { UIMAGE_ARCH_ARM64 = 22, UIMAGE_UNCOMPRESSED = 0, UIMAGE_GZIP = 1 };

#define PREFERRED_OFFSET XI_MIB(128) /* of device tree and ramdisk in the first bank, as Xen has it */

static xi_err probe_header(const uint8_t *header, uint64_t available, uint64_t size, struct kernel *kernel)
{
    if (available < IMAGE_HEADER_SIZE || xi_read_le32(header + IMAGE_AT_MAGIC) != IMAGE_MAGIC) {
        return XI_ERR_BAD_MAGIC;
    }
    uint64_t memory = xi_read_le64(header + IMAGE_SIZE);
    kernel->size = size;
    kernel->memory_size = memory > size ? memory : size;
    kernel->text_offset = xi_read_le64(header + IMAGE_TEXT_OFFSET);
    if (!xi_is_aligned(kernel->text_offset, XI_PAGE)) {
        return XI_ERR_ALIGN;
    }
    return kernel->text_offset < XI_BLOCK && memory < XI_GIB(1024) ? XI_OK : XI_ERR_RANGE;
}

static xi_err probe_packed(struct gunzip *unpacker, struct kernel *kernel)
{
    const uint8_t *first;
    size_t available;
    uint64_t size;
    xi_err err = gunzip_size(kernel->payload, kernel->payload_size, &size);

    if (err == XI_OK) {
        err = gunzip_open(unpacker, kernel->payload, kernel->payload_size);
    }
    if (err == XI_OK) {
        err = gunzip_next(unpacker, &first, &available);
    }
    kernel->packed = true;
    return err == XI_OK ? probe_header(first, available, size, kernel) : err;
}

static xi_err probe_payload(struct gunzip *unpacker, struct kernel *kernel)
{
    if (gunzip_is(kernel->payload, kernel->payload_size)) {
        return probe_packed(unpacker, kernel);
    }
    return probe_header(kernel->payload, kernel->payload_size, kernel->payload_size, kernel);
}

static xi_err probe_uimage(struct gunzip *unpacker, const uint8_t *file, uint64_t size, struct kernel *kernel)
{
    uint64_t payload = xi_read_be32(file + UIMAGE_DATA_SIZE);

    if (file[UIMAGE_ARCH] != UIMAGE_ARCH_ARM64 ||
        (file[UIMAGE_COMPRESSION] != UIMAGE_UNCOMPRESSED && file[UIMAGE_COMPRESSION] != UIMAGE_GZIP)) {
        return XI_ERR_UNSUPPORTED;
    }
    if (payload == 0 || payload > size - UIMAGE_HEADER_SIZE) {
        return XI_ERR_TRUNCATED;
    }
    kernel->payload = file + UIMAGE_HEADER_SIZE;
    kernel->payload_size = payload;
    kernel->load = (ipa_t){xi_read_be32(file + UIMAGE_LOAD)};
    kernel->entry = (ipa_t){xi_read_be32(file + UIMAGE_ENTRY)};
    kernel->fixed = kernel->load.ipa != 0;
    return probe_payload(unpacker, kernel);
}

xi_err loader_probe(struct gunzip *unpacker, const uint8_t *file, uint64_t size, struct kernel *kernel)
{
    struct kernel found = {.payload = file, .payload_size = size};
    bool uimage = size >= UIMAGE_HEADER_SIZE && xi_read_be32(file) == UIMAGE_MAGIC;
    xi_err err = uimage ? probe_uimage(unpacker, file, size, &found) : probe_payload(unpacker, &found);

    if (err == XI_OK) {
        *kernel = found;
    }
    return err;
}

static bool is_inside(struct ipa_range ram, uint64_t start, uint64_t size)
{
    return range_contains(ram.start.ipa, ram.size, start, size);
}

/* Device tree and ramdisk together: 128 MiB into the bank, else at its end, else below the kernel. */
static bool place_beside(struct ipa_range ram, uint64_t kernel, uint64_t kernel_space, uint64_t space, uint64_t *at)
{
    if (kernel_space <= PREFERRED_OFFSET && range_fits(PREFERRED_OFFSET, space, ram.size)) {
        *at = ram.start.ipa + PREFERRED_OFFSET;
        return true;
    }
    if (range_fits(kernel_space, space, ram.size)) {
        *at = ram.start.ipa + (ram.size - space);
        return true;
    }
    *at = kernel - space;
    return kernel - ram.start.ipa >= space;
}

xi_err loader_place(const struct kernel *kernel, uint64_t ramdisk_size, struct ipa_range ram,
                    struct guest_places *places)
{
    uint64_t start = kernel->fixed ? kernel->load.ipa : ram.start.ipa + kernel->text_offset;
    uint64_t beside;

    if (!xi_is_aligned(ram.start.ipa, XI_BLOCK)) {
        return XI_ERR_ALIGN;
    }
    if (ramdisk_size > ram.size || !is_inside(ram, start, kernel->memory_size)) {
        return XI_ERR_NO_SPACE;
    }
    uint64_t space = XI_BLOCK + xi_align_up(ramdisk_size, XI_BLOCK);
    uint64_t kernel_space = xi_align_up(start + kernel->memory_size, XI_BLOCK) - ram.start.ipa;
    if (!place_beside(ram, start, kernel_space, space, &beside)) {
        return XI_ERR_NO_SPACE;
    }
    *places = (struct guest_places){
        .kernel = {{start}, kernel->memory_size},
        .entry = {kernel->fixed && kernel->entry.ipa != 0 ? kernel->entry.ipa : start},
        .ramdisk = {{beside + XI_BLOCK}, ramdisk_size},
        .dtb = {{beside}, XI_BLOCK},
    };
    return is_inside(places->kernel, places->entry.ipa, 4) ? XI_OK : XI_ERR_NO_SPACE;
}

xi_err loader_write(const struct guest_map *map, ipa_t to, const void *from, uint64_t size)
{
    const uint8_t *bytes = from;

    while (size != 0) {
        const struct guest_bank *bank = map->banks;
        const struct guest_bank *end = bank + map->bank_count;
        while (bank != end && !range_contains(bank->guest.ipa, bank->size, to.ipa, 1)) {
            bank++;
        }
        if (bank == end) {
            return XI_ERR_RANGE;
        }
        uint64_t offset = to.ipa - bank->guest.ipa;
        uint64_t part = bank->size - offset < size ? bank->size - offset : size;
        uint8_t *machine = arch_pa_to_va((pa_t){bank->machine.pa + offset});
        memcpy(machine, bytes, part);
        arch_cache_flush(machine, part);
        to.ipa += part;
        bytes += part;
        size -= part;
    }
    return XI_OK;
}

void loader_zero(pa_t start, uint64_t size)
{
    void *machine = arch_pa_to_va(start);

    memset(machine, 0, size);
    arch_cache_flush(machine, size);
}
