/* SPDX-License-Identifier: Apache-2.0 */
/* Makes domains at boot. Two rounds: all domains take their memory from below before the core's own
 * structures come from the top. */
#pragma once

#include <xi/check.h>
#include <xi/config.h>
#include <xi/domain.h>
#include <xi/err.h>
#include <xi/guest_map.h>
#include <xi/pages.h>

/* First round: machine memory, and where the guest sees it. XI_ERR_NO_MEMORY, XI_ERR_NO_SPACE, XI_ERR_RANGE. */
XI_MUST_CHECK xi_err build_memory(const struct system_config *config, const struct domain_config *dc,
                                  struct page_heap *heap, struct guest_map *map);
/* Second round: everything else, but what is in the memory (load.h). `dc` and `map` stay. */
struct domain *build_domain(const struct domain_config *dc, const struct guest_map *map, struct page_heap *heap);
