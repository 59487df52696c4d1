/* SPDX-License-Identifier: Apache-2.0 */
/* Makes domains at boot, once all of them have their memory (allot.h). */
#pragma once

#include <xi/config.h>
#include <xi/domain.h>
#include <xi/guest_map.h>
#include <xi/pages.h>

/* Memory of the core's own, whole pages of zeros, for what `property` of the domain asks for. Stops in the same way. */
void *build_must_have(const struct domain *domain, const char *property, struct page_heap *heap, uint64_t size,
                      uint64_t align);
/* Everything but what is in the memory (load.h); `dc` and `map` stay. Stops the machine with a line where there is no
 * memory for it. */
struct domain *build_domain(const struct domain_config *dc, const struct guest_map *map, struct page_heap *heap);
