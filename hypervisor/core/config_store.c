/* SPDX-License-Identifier: Apache-2.0 */
/* The XenStore's node, which is our own: no binding of Xen has a store that the configuration fills. Xen passes it over.
 *
 *     xenstore {
 *         compatible = "xenimg,xenstore";
 *         xenimg,entries = "n0r1", "/local/domain/1", "", "n1r2", "/local/domain/1/device/vif/0/state", "1";
 *     };
 *
 * What the entries may be, xen/pv/store_seed.c says. */
#include <stdint.h>

#include <xi/string.h>

#include "config_reader.h"

#define ENTRIES "xenimg,entries"

static uint8_t entries[CONFIG_MAX_STORE];

xi_err config_read_store(const struct config_reader *reader, fdt_node chosen)
{
    const struct fdt *fdt = &reader->fdt;
    struct config_store *store = &reader->config->store;
    struct fdt_property property;

    for (fdt_node node = fdt_first_child(fdt, chosen); node != FDT_NONE; node = fdt_next_sibling(fdt, node)) {
        if (!fdt_is_compatible(fdt, node, "xenimg,xenstore")) {
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
    if (domain->direct_map) {
        return config_refuse(reader, node, "xen,enhanced", "XenStore's page has no place in a direct-mapped domain");
    }
    domain->xen = CONFIG_XEN_STORE;
    return XI_OK;
}
