/* SPDX-License-Identifier: Apache-2.0 */
/* The image that we are part of: core, device tree and modules in one piece, wherever a loader put it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/boot_header.h>
#include <xi/check.h>
#include <xi/err.h>
#include <xi/range.h>
#include <xi/types.h>

struct image {
    struct pa_range range;  /* machine memory that the core, or the whole image, takes */
    bool linked;            /* device tree and modules are inside */
    pa_t link;              /* where the module addresses think that the image is */
    struct pa_range dtb;    /* inside, when linked; else empty */
    struct pa_range table;  /* of xi_image_part, behind the tree; else empty */
    const uint8_t *table_sha256;
};

/* Judges the header of an image at `load` whose core takes core_size bytes.
 * XI_ERR_BAD_MAGIC, XI_ERR_VERSION, XI_ERR_ALIGN (load not at 2 MiB), XI_ERR_RANGE. */
XI_MUST_CHECK xi_err image_open(const struct xi_boot_header *header, pa_t load, uint64_t core_size,
                                struct image *image);
/* Where something really is whose device tree says [start, start + size). */
pa_t image_locate(const struct image *image, pa_t start, uint64_t size);
