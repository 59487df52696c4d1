/* SPDX-License-Identifier: Apache-2.0 */
/* A domain's share of all this: made once, and taken back when the domain ends. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/domain.h>
#include <xi/pv.h>

#include "state.h"

_Static_assert((uint64_t)CONFIG_MAX_MAPPING_FRAMES * XI_PAGE < PV_NO_HANDLE, "more handles than numbers");

static uint64_t whole_pages(uint64_t size)
{
    return xi_align_up(size, XI_PAGE);
}

static uint64_t pin_bytes(const struct domain_config *config)
{
    return config->grant_frames * PV_ENTRIES * sizeof(struct pv_pins);
}

uint64_t pv_size(const struct domain_config *config)
{
    if (config->xen == CONFIG_XEN_NONE) {
        return 0;
    }
    return whole_pages(sizeof(struct pv_domain)) + XI_PAGE + whole_pages(pin_bytes(config)) +
           config->mapping_frames * XI_PAGE;
}

void pv_init(struct domain *domain, void *memory)
{
    struct pv_domain *pv = memory;
    uint8_t *next = (uint8_t *)memory + whole_pages(sizeof(*pv));

    pv->sink = next;
    next += XI_PAGE;
    pv->pins = (struct pv_pins *)(void *)next;
    next += whole_pages(pin_bytes(domain->config));
    pv->mappings = (struct pv_mapping *)(void *)next;
    pv->mapping_count = (uint32_t)(domain->config->mapping_frames * XI_PAGE / sizeof(struct pv_mapping));
    pv->first_free = PV_NO_HANDLE;
    for (uint32_t i = pv->mapping_count; i-- > 0;) {
        pv->mappings[i].next = pv->first_free;
        pv->first_free = i;
    }
    domain->pv = pv;
}
