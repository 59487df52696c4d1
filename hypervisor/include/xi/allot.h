/* SPDX-License-Identifier: Apache-2.0 */
/* Each domain's share of the machine's memory, and what it sees of it. All of them take theirs before the core's own
 * structures come from the heap's top. */
#pragma once

#include <xi/check.h>
#include <xi/config.h>
#include <xi/err.h>
#include <xi/guest_map.h>
#include <xi/pages.h>

/* One map a domain, in the configuration's order. XI_ERR_SYNTAX for everything that `why` explains, which is every
 * failure. */
XI_MUST_CHECK xi_err allot_memory(const struct system_config *config, struct page_heap *heap, struct guest_map *maps,
                                  struct config_error *why);
