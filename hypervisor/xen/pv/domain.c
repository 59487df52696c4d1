/* SPDX-License-Identifier: Apache-2.0 */
/* A domain's share of all this: made once, and taken back when the domain ends. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/domain.h>
#include <xi/pv.h>

#include "state.h"

#define PINS (XEN_GRANT_FRAMES * PV_ENTRIES)
#define MAPPINGS (32u * XI_PAGE / sizeof(struct pv_mapping)) /* of other domains' pages, at a time */

_Static_assert(MAPPINGS < PV_NO_HANDLE, "handles have 16 bits");
_Static_assert(PINS <= UINT16_MAX + 1u, "references have 16 bits");

static uint64_t whole_pages(uint64_t size)
{
    return xi_align_up(size, XI_PAGE);
}

uint64_t pv_size(const struct domain_config *config)
{
    if (config->xen == CONFIG_XEN_NONE) {
        return 0;
    }
    return whole_pages(sizeof(struct pv_domain)) + XI_PAGE + whole_pages(PINS * sizeof(struct pv_pins)) +
           whole_pages(MAPPINGS * sizeof(struct pv_mapping));
}

void pv_init(struct domain *domain, void *memory)
{
    struct pv_domain *pv = memory;
    uint8_t *next = (uint8_t *)memory + whole_pages(sizeof(*pv));

    pv->sink = next;
    next += XI_PAGE;
    pv->pins = (struct pv_pins *)(void *)next;
    next += whole_pages(PINS * sizeof(struct pv_pins));
    pv->mappings = (struct pv_mapping *)(void *)next;
    pv->mapping_count = MAPPINGS;
    for (uint32_t i = 0; i < MAPPINGS; i++) {
        pv->mappings[i].next = i + 1 == MAPPINGS ? PV_NO_HANDLE : (uint16_t)(i + 1);
    }
    domain->pv = pv;
}
