/* SPDX-License-Identifier: Apache-2.0 */
/* The XenStore's node, which is our own: no binding of Xen has a store that the configuration fills. Xen passes it over.
 *
 *     xenstore {
 *         compatible = "xenimg,xenstore";
 *         xenimg,entries = "n0r1", "/local/domain/1", "", "n1r2", "/local/domain/1/device/vif/0/state", "1";
 *         xenimg,pairs = <2 1>;
 *     };
 *
 * What the entries may be, xen/pv/store_seed.c says. A pair are two domains' numbers: the first may use what the second
 * grants it, and both may have event channels with each other. Nobody else may. */
#include <stdint.h>

#include <xi/bits.h>
#include <xi/guest_map.h>
#include <xi/string.h>

#include "config_reader.h"

#define STORE "xenimg,xenstore"
#define ENTRIES "xenimg,entries"
#define PAIRS "xenimg,pairs"
#define PAIR_BYTES 8u

_Static_assert(CONFIG_MAX_DOMAINS <= 32, "granters and peers have a bit for each");

static uint8_t entries[CONFIG_MAX_STORE];

xi_err config_read_store(const struct config_reader *reader, fdt_node chosen)
{
    const struct fdt *fdt = &reader->fdt;
    struct config_store *store = &reader->config->store;
    struct fdt_property property;

    for (fdt_node node = fdt_first_child(fdt, chosen); node != FDT_NONE; node = fdt_next_sibling(fdt, node)) {
        if (!fdt_is_compatible(fdt, node, STORE)) {
            continue;
        }
        if (store->entries != NULL) {
            return config_refuse(reader, node, "compatible", "a second one of its kind");
        }
        if (!fdt_property(fdt, node, ENTRIES, &property) || property.size == 0 || property.size > CONFIG_MAX_STORE) {
            return config_refuse(reader, node, ENTRIES, "missing, or not 1 to %u bytes", CONFIG_MAX_STORE);
        }
        if (property.value[property.size - 1] != '\0') {
            return config_refuse(reader, node, ENTRIES, "not strings");
        }
        memcpy(entries, property.value, property.size);
        store->entries = entries;
        store->size = property.size;
        config_keep_path(reader, node, store->path);
    }
    return XI_OK;
}

xi_err config_read_enabled(const struct config_reader *reader, fdt_node node, struct domain_config *domain)
{
    if (reader->config->store.entries == NULL) {
        return config_refuse(reader, node, "xen,enhanced", "there is no XenStore: no node is xenimg,xenstore");
    }
    for (uint32_t i = 0; domain->direct_map && i < domain->bank_count; i++) {
        const struct pa_range *bank = &reader->config->static_banks[domain->bank_first + i];
        if (range_overlaps(bank->start.pa, bank->size, GUEST_GRANTS_START, GUEST_GRANTS_SIZE)) {
            return config_refuse(reader, node, "xen,enhanced", "grants and XenStore's page would lie in the domain's memory");
        }
    }
    domain->xen = CONFIG_XEN_STORE;
    return XI_OK;
}

static xi_err add_pair(const struct config_reader *reader, fdt_node node, uint32_t index, const uint32_t domain[2])
{
    struct system_config *config = reader->config;

    for (uint32_t i = 0; i < 2; i++) {
        if (domain[i] == 0 || domain[i] > config->domain_count) {
            return config_refuse(reader, node, PAIRS, "pair %u: no domain has the number %u", index, domain[i]);
        }
        if (config->domains[domain[i] - 1].xen == CONFIG_XEN_NONE) {
            return config_refuse(reader, node, PAIRS, "pair %u: domain %u is not xen,enhanced", index, domain[i]);
        }
    }
    struct domain_config *backend = &config->domains[domain[0] - 1];
    struct domain_config *frontend = &config->domains[domain[1] - 1];
    if (backend == frontend) {
        return config_refuse(reader, node, PAIRS, "pair %u: a domain with itself", index);
    }
    if ((backend->granters & 1u << (domain[1] - 1)) != 0) {
        return config_refuse(reader, node, PAIRS, "pair %u: a second time", index);
    }
    backend->granters |= 1u << (domain[1] - 1);
    backend->peers |= 1u << (domain[1] - 1);
    frontend->peers |= 1u << (domain[0] - 1);
    return XI_OK;
}

xi_err config_read_pairs(const struct config_reader *reader, fdt_node chosen)
{
    const struct fdt *fdt = &reader->fdt;
    fdt_node node = fdt_first_child(fdt, chosen);
    struct fdt_property pairs;
    xi_err err = XI_OK;

    while (node != FDT_NONE && !fdt_is_compatible(fdt, node, STORE)) {
        node = fdt_next_sibling(fdt, node);
    }
    if (node == FDT_NONE || !fdt_property(fdt, node, PAIRS, &pairs)) {
        return XI_OK;
    }
    if (pairs.size == 0 || pairs.size % PAIR_BYTES != 0) {
        return config_refuse(reader, node, PAIRS, "not pairs of domain numbers, a cell each");
    }
    for (uint32_t i = 0; i < pairs.size / PAIR_BYTES && err == XI_OK; i++) {
        const uint8_t *at = pairs.value + i * PAIR_BYTES;
        err = add_pair(reader, node, i, (const uint32_t[]){xi_read_be32(at), xi_read_be32(at + 4)});
    }
    return err;
}
