/* SPDX-License-Identifier: Apache-2.0 */
/* What the packer writes into core.img when it links a whole system behind it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <xi/sha256.h>

#define BOOT_HEADER_OFFSET 64u /* from the image's start, behind the arm64 Image header */
#define BOOT_HEADER_VERSION 2u
#define BOOT_HEADER_MAGIC { 'X', 'E', 'N', 'I', 'M', 'G', 0, 1 }

/* Little endian. All zero behind `version` in a bare core.img. */
struct xi_boot_header {
    uint8_t magic[8];
    uint32_t version;
    uint32_t header_size;  /* bytes */
    uint64_t link_address; /* where the image lies according to the module addresses in its device tree */
    uint64_t total_size;   /* bytes of the whole image; 0: bare core, the device tree comes from the loader */
    uint64_t dtb_offset;   /* bytes from the image's start */
    uint64_t dtb_size;     /* bytes */
    uint64_t table_size;   /* bytes of the table of parts, which lies 8-byte aligned behind the device tree */
    uint8_t table_sha256[SHA256_BYTES];
};

/* An entry of that table: the device tree first, then each module. */
struct xi_image_part {
    uint64_t offset; /* bytes from the image's start */
    uint64_t size;   /* bytes */
    uint8_t sha256[SHA256_BYTES];
};

_Static_assert(offsetof(struct xi_boot_header, version) == 8, "boot header");
_Static_assert(offsetof(struct xi_boot_header, header_size) == 12, "boot header");
_Static_assert(offsetof(struct xi_boot_header, link_address) == 16, "boot header");
_Static_assert(offsetof(struct xi_boot_header, total_size) == 24, "boot header");
_Static_assert(offsetof(struct xi_boot_header, dtb_offset) == 32, "boot header");
_Static_assert(offsetof(struct xi_boot_header, dtb_size) == 40, "boot header");
_Static_assert(offsetof(struct xi_boot_header, table_size) == 48, "boot header");
_Static_assert(offsetof(struct xi_boot_header, table_sha256) == 56, "boot header");
_Static_assert(sizeof(struct xi_boot_header) == 88, "boot header");
_Static_assert(offsetof(struct xi_image_part, size) == 8, "table of parts");
_Static_assert(offsetof(struct xi_image_part, sha256) == 16, "table of parts");
_Static_assert(sizeof(struct xi_image_part) == 48, "table of parts");
