/* SPDX-License-Identifier: Apache-2.0 */
/* The device tree that a guest gets: nodes and properties as guests of upstream Xen 4.17 see them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/config.h>
#include <xi/err.h>
#include <xi/fdt.h>
#include <xi/guest_map.h>
#include <xi/loader.h>

#define GUEST_DT_MAX_BYTES 0x18000u /* 128 CPUs, 256 banks and the largest partial tree need less */

struct guest_dt_parts {
    const struct config_machine *machine;
    const struct domain_config *domain;
    const struct guest_map *map;
    const struct guest_places *places;
    const struct fdt *devices; /* the partial tree of what is assigned; NULL: nothing is */
};

/* Makes it at `buffer` (8-aligned); *size is what it takes. XI_ERR_NO_SPACE. */
XI_MUST_CHECK xi_err guest_dt_make(void *buffer, size_t capacity, const struct guest_dt_parts *parts, size_t *size);
