/* SPDX-License-Identifier: Apache-2.0 */
/* Memory for devices between domains. */
#include <stdint.h>

#include <xi/build.h>
#include <xi/domain.h>
#include <xi/pv.h>

void pv_build(struct domain *domain, struct page_heap *heap)
{
    uint64_t size = pv_size(domain->config);

    if (size != 0) {
        pv_init(domain, build_must_have(domain, "xen,enhanced", heap, size, XI_PAGE));
    }
}
