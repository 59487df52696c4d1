/* SPDX-License-Identifier: Apache-2.0 */
/* Static shared memory (Xen docs/misc/arm/device-tree/booting.txt, "Static Shared Memory"): nodes of several domains
 * that have an identifier in common show one stretch of machine memory. */
#include <stdint.h>

#include <xi/bits.h>
#include <xi/pages.h>
#include <xi/print.h>
#include <xi/string.h>

#include "config_reader.h"

/* The stretch of this identifier; a new one where there is none. NULL: too many. */
static struct config_share *share_of(struct system_config *config, const char *id)
{
    for (uint32_t i = 0; i < config->share_count; i++) {
        if (strcmp(config->shares[i].id, id) == 0) {
            return &config->shares[i];
        }
    }
    if (config->share_count == CONFIG_MAX_SHARES) {
        return NULL;
    }
    struct config_share *share = &config->shares[config->share_count++];
    memcpy(share->id, id, strlen(id) + 1);
    return share;
}

struct place {
    struct pa_range machine;
    bool placed;
    ipa_t guest;
};

/* Machine address, which may be left out, guest address, size, in the cells of the domain's node. */
static xi_err read_place(const struct config_reader *reader, fdt_node domain, fdt_node node, struct place *to)
{
    struct fdt_cells cells = fdt_cells(&reader->fdt, domain);
    struct fdt_property value;

    if (cells.address != 2 || cells.size != 2 || !fdt_property(&reader->fdt, node, "xen,shared-mem", &value) ||
        (value.size != 24 && value.size != 16)) {
        return config_refuse(reader, node, "xen,shared-mem",
                             "missing, or not a machine address, a guest address and a size of two cells each");
    }
    const bool placed = value.size == 24;
    const uint8_t *guest = value.value + (placed ? 8 : 0);
    uint64_t pa = placed ? xi_read_be64(value.value) : 0;
    uint64_t ipa = xi_read_be64(guest);
    uint64_t size = xi_read_be64(guest + 8);
    if (size == 0 || !xi_is_aligned(pa | ipa | size, XI_PAGE) || !range_fits(pa, size, 1ull << 48) ||
        !range_fits(ipa, size, 1ull << 48)) {
        return config_refuse(reader, node, "xen,shared-mem", "empty, not whole pages, or beyond 48 bits");
    }
    *to = (struct place){{{pa}, size}, placed, {ipa}};
    return XI_OK;
}

static xi_err read_role(const struct config_reader *reader, fdt_node node, struct config_share *share)
{
    const char *role = fdt_string(&reader->fdt, node, "role");

    if (!fdt_has(&reader->fdt, node, "role") || (role != NULL && strcmp(role, "borrower") == 0)) {
        return XI_OK;
    }
    if (role == NULL || strcmp(role, "owner") != 0) {
        return config_refuse(reader, node, "role", "neither \"owner\" nor \"borrower\"");
    }
    if (share->owned) {
        return config_refuse(reader, node, "role", "\"%s\" has an owner already", share->id);
    }
    share->owned = true;
    return XI_OK;
}

xi_err config_read_share(struct config_reader *reader, fdt_node domain, fdt_node node, struct domain_config *of)
{
    const char *id = fdt_string(&reader->fdt, node, "xen,shm-id");
    struct place place = {0};

    if (id == NULL || id[0] == '\0' || strlen(id) > CONFIG_MAX_SHARE_ID) {
        return config_refuse(reader, node, "xen,shm-id", "missing, or not 1 to %u characters", CONFIG_MAX_SHARE_ID);
    }
    xi_err err = read_place(reader, domain, node, &place);
    if (err != XI_OK) {
        return err;
    }
    struct config_share *share = share_of(reader->config, id);
    if (share == NULL || of->view_count == CONFIG_MAX_SHARES) {
        return config_refuse(reader, node, "xen,shm-id", "more than %u stretches", CONFIG_MAX_SHARES);
    }
    if (share->machine.size != 0 &&
        (share->machine.size != place.machine.size ||
         (share->placed && place.placed && share->machine.start.pa != place.machine.start.pa))) {
        return config_refuse(reader, node, "xen,shared-mem", "not the memory that \"%s\" is elsewhere", id);
    }
    if (!share->placed) {
        share->machine = place.machine;
        share->placed = place.placed;
    }
    of->views[of->view_count++] = (struct config_view){share, place.guest};
    return read_role(reader, node, share);
}

xi_err config_place_shares(struct system_config *config, struct page_heap *heap, struct config_error *why)
{
    for (uint32_t i = 0; i < config->share_count; i++) {
        struct config_share *share = &config->shares[i];
        struct pa_range piece;
        uint32_t count;
        if (share->placed) {
            continue;
        }
        if (pages_take(heap, share->machine.size, &piece, 1, &count) != XI_OK) {
            (void)xi_snprintf(why->line, sizeof(why->line), "device tree: xen,shared-mem: no %lluKB in one piece for %s",
                              (unsigned long long)(share->machine.size >> 10), share->id);
            return XI_ERR_SYNTAX;
        }
        share->machine = piece;
        share->placed = true;
    }
    return XI_OK;
}
