/* SPDX-License-Identifier: Apache-2.0 */
/* Memory for devices between domains. */
#include <stdint.h>

#include <xi/build.h>
#include <xi/domain.h>
#include <xi/pv.h>

#include "start.h"

void pv_build(struct domain *domain, struct page_heap *heap)
{
    uint64_t size = pv_size(domain->config);

    if (size != 0) {
        pv_init(domain, build_must_have(domain, "xen,enhanced", heap, size, XI_PAGE));
    }
}

void pv_join(const struct system_config *config, struct page_heap *heap)
{
    uint32_t which;

    if (config->store.entries == NULL) {
        return;
    }
    void *memory = pages_alloc(heap, pv_store_size(config->domain_count), XI_PAGE);
    if (memory == NULL) {
        core_stop("%s: xenimg,entries: nothing is left for the store itself", config->store.path);
    }
    const char *wrong = pv_store_init(&config->store, config->domain_count, memory, &which);
    if (wrong != NULL) {
        core_stop("%s: xenimg,entries: entry %u: %s", config->store.path, which, wrong);
    }
    for (uint32_t i = 1; i <= domain_count(); i++) {
        struct domain *domain = domain_by_id(i);
        if (domain->config->xen == CONFIG_XEN_STORE) {
            pv_store_connect(domain, build_must_have(domain, "xen,enhanced", heap, XI_PAGE, XI_PAGE));
        }
    }
}
