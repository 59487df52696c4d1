/* SPDX-License-Identifier: Apache-2.0 */
/* Puts a domain's kernel, ramdisk and device tree into its memory, where Xen 4.17 puts them, but counts what the
 * kernel takes beyond its file (BSS). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/guest_map.h>
#include <xi/gunzip.h>
#include <xi/range.h>
#include <xi/types.h>

struct kernel {
    const uint8_t *payload; /* in the file, behind a uImage header */
    uint64_t payload_size;
    bool packed;            /* gzip */
    uint64_t size;          /* bytes that are written: the unpacked file */
    uint64_t memory_size;   /* bytes that the kernel takes when it runs */
    uint64_t text_offset;   /* from a 2 MiB boundary */
    bool fixed;             /* uImage with a load address: */
    ipa_t load, entry;
};

/* Where the pieces go. A size of 0: there is none. */
struct guest_places {
    struct ipa_range kernel;
    ipa_t entry;
    struct ipa_range ramdisk;
    struct ipa_range dtb; /* room for it: 2 MiB */
};

/* Recognises arm64 Image, gzip of one, and uImage around either (arm64 only). Nothing past `size` is read.
 * `unpacker` is working memory, to look into a packed one. XI_ERR_BAD_MAGIC (none of them), XI_ERR_TRUNCATED,
 * XI_ERR_UNSUPPORTED, XI_ERR_RANGE and XI_ERR_ALIGN (text_offset), and those of gunzip_open. */
XI_MUST_CHECK xi_err loader_probe(struct gunzip *unpacker, const uint8_t *file, uint64_t size, struct kernel *kernel);

/* In the first RAM range of the guest. XI_ERR_ALIGN (RAM does not begin at 2 MiB), XI_ERR_NO_SPACE. */
XI_MUST_CHECK xi_err loader_place(const struct kernel *kernel, uint64_t ramdisk_size, struct ipa_range ram,
                                  struct guest_places *places);

/* Writes bytes into guest memory, past the caches. XI_ERR_RANGE. */
XI_MUST_CHECK xi_err loader_write(const struct guest_map *map, ipa_t to, const void *from, uint64_t size);
/* Zeroes machine memory, past the caches. */
void loader_zero(pa_t start, uint64_t size);
