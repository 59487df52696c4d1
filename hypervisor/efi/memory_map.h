/* SPDX-License-Identifier: Apache-2.0 */
/* What the firmware says of machine memory. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>

#include "uefi.h"

/* As GetMemoryMap gave it. */
struct memory_map {
    const uint8_t *descriptors;
    uint64_t size;            /* bytes */
    uint64_t descriptor_size; /* bytes of each */
};

enum memory_use {
    MEMORY_NOW,   /* nobody has it: what a file can be loaded to */
    MEMORY_OURS,  /* free as soon as boot services have ended: what a domain can own */
    MEMORY_THERE, /* RAM that no one needs who is left: runtime services are never called again */
};

#define MEMORY_HOLE UINT32_MAX /* no descriptor has it */

/* The first address that is not for that use. */
struct memory_obstacle {
    uint64_t at;
    uint32_t type; /* enum efi_memory_type, or MEMORY_HOLE */
};

/* Whether all of [start, start + size), which must not wrap, is for that use; else what is in the way. Descriptors that
 * make no sense are passed over. */
XI_MUST_CHECK bool memory_is(const struct memory_map *map, uint64_t start, uint64_t size, enum memory_use use,
                             struct memory_obstacle *obstacle);

/* In words, for a line on the console: "boot services data". */
const char *memory_type_text(uint32_t type);
