/* SPDX-License-Identifier: Apache-2.0 */
/* What the packer writes into core.img when it links a whole system behind it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define BOOT_HEADER_OFFSET 64u /* from the image's start, behind the arm64 Image header */
#define BOOT_HEADER_VERSION 1u
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
};

_Static_assert(offsetof(struct xi_boot_header, version) == 8, "boot header");
_Static_assert(offsetof(struct xi_boot_header, header_size) == 12, "boot header");
_Static_assert(offsetof(struct xi_boot_header, link_address) == 16, "boot header");
_Static_assert(offsetof(struct xi_boot_header, total_size) == 24, "boot header");
_Static_assert(offsetof(struct xi_boot_header, dtb_offset) == 32, "boot header");
_Static_assert(offsetof(struct xi_boot_header, dtb_size) == 40, "boot header");
_Static_assert(sizeof(struct xi_boot_header) == 48, "boot header");
