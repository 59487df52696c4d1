/* SPDX-License-Identifier: Apache-2.0 */
/* The device tree that a guest gets: nodes and properties as guests of upstream Xen 4.17 see them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/config.h>
#include <xi/err.h>
#include <xi/guest_map.h>
#include <xi/loader.h>

#define GUEST_DT_MAX_BYTES 65536u /* 128 CPUs and 256 banks need less */

/* Makes it at `buffer` (8-aligned); *size is what it takes. XI_ERR_NO_SPACE. */
XI_MUST_CHECK xi_err guest_dt_make(void *buffer, size_t capacity, const struct config_machine *machine,
                                   const struct domain_config *domain, const struct guest_map *map,
                                   const struct guest_places *places, size_t *size);
