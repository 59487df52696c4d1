/* SPDX-License-Identifier: Apache-2.0 */
/* Static event channels (Xen docs/misc/arm/device-tree/booting.txt, "Static Event Channel"): two nodes, each in its
 * domain's, that name each other. */
#include <stdint.h>

#include <xi/bits.h>

#include "config_reader.h"

#define MAX_PORT 1023u
#define PROPERTY "xen,evtchn"

struct end {
    uint32_t port, domain, phandle, target;
};

/* Number of the domain whose node this is; domain_count for any other node. */
static uint32_t domain_of(const struct config_reader *reader, fdt_node chosen, fdt_node node)
{
    const struct fdt *fdt = &reader->fdt;
    uint32_t index = 0;

    for (fdt_node each = fdt_first_child(fdt, chosen); each != FDT_NONE; each = fdt_next_sibling(fdt, each)) {
        if (each == node && fdt_is_compatible(fdt, each, "xen,domain")) {
            return index;
        }
        index += fdt_is_compatible(fdt, each, "xen,domain") ? 1 : 0;
    }
    return reader->config->domain_count;
}

static xi_err read_end(const struct config_reader *reader, fdt_node chosen, fdt_node node, struct end *end)
{
    struct fdt_property value;

    if (!fdt_property(&reader->fdt, node, PROPERTY, &value) || value.size != 8) {
        return config_refuse(reader, node, PROPERTY, "missing, or not a port and a phandle");
    }
    end->port = xi_read_be32(value.value);
    end->target = xi_read_be32(value.value + 4);
    if (end->port == 0 || end->port > MAX_PORT) {
        return config_refuse(reader, node, PROPERTY, "port %u is not 1 to %u", end->port, MAX_PORT);
    }
    xi_err err = config_read_phandle(reader, node, &end->phandle);
    if (err != XI_OK) {
        return err;
    }
    if (end->phandle == 0) {
        return config_refuse(reader, node, "phandle", "missing: the other end names this one by it");
    }
    end->domain = domain_of(reader, chosen, fdt_parent(&reader->fdt, node));
    if (end->domain == reader->config->domain_count) {
        return config_refuse(reader, node, "compatible", "not in a domain's node");
    }
    return XI_OK;
}

static bool is_taken(const struct system_config *config, uint32_t domain, uint32_t port)
{
    for (uint32_t i = 0; i < config->channel_count; i++) {
        for (uint32_t e = 0; e < 2; e++) {
            if (config->channels[i].domain[e] == domain && config->channels[i].port[e] == port) {
                return true;
            }
        }
    }
    return false;
}

static xi_err add_channel(const struct config_reader *reader, fdt_node node, const struct end *a, const struct end *b)
{
    struct system_config *config = reader->config;

    if (config->channel_count == CONFIG_MAX_CHANNELS) {
        return config_refuse(reader, node, "compatible", "more than %u event channels", CONFIG_MAX_CHANNELS);
    }
    if (is_taken(config, a->domain, a->port) || is_taken(config, b->domain, b->port) ||
        (a->domain == b->domain && a->port == b->port)) {
        return config_refuse(reader, node, PROPERTY, "port %u or %u has a channel already", a->port, b->port);
    }
    config->channels[config->channel_count++] =
        (struct config_channel){.domain = {a->domain, b->domain}, .port = {a->port, b->port}};
    return XI_OK;
}

/* A channel is added once, at the first of its two nodes. */
static xi_err read_channel(const struct config_reader *reader, fdt_node chosen, fdt_node node)
{
    struct end here, there;
    xi_err err = read_end(reader, chosen, node, &here);

    if (err != XI_OK) {
        return err;
    }
    fdt_node other = fdt_by_phandle(&reader->fdt, here.target);
    if (other == FDT_NONE || other == node || !fdt_is_compatible(&reader->fdt, other, "xen,evtchn-v1")) {
        return config_refuse(reader, node, PROPERTY, "not the phandle of another xen,evtchn-v1 node");
    }
    err = read_end(reader, chosen, other, &there);
    if (err != XI_OK) {
        return err;
    }
    if (there.target != here.phandle) {
        return config_refuse(reader, node, PROPERTY, "the other end does not lead back here");
    }
    return node < other ? add_channel(reader, node, &here, &there) : XI_OK;
}

xi_err config_read_channels(const struct config_reader *reader, fdt_node chosen)
{
    const struct fdt *fdt = &reader->fdt;

    for (fdt_node domain = fdt_first_child(fdt, chosen); domain != FDT_NONE; domain = fdt_next_sibling(fdt, domain)) {
        bool is_domain = fdt_is_compatible(fdt, domain, "xen,domain");
        fdt_node node = is_domain ? fdt_first_child(fdt, domain) : FDT_NONE;
        for (; node != FDT_NONE; node = fdt_next_sibling(fdt, node)) {
            xi_err err = fdt_is_compatible(fdt, node, "xen,evtchn-v1") ? read_channel(reader, chosen, node) : XI_OK;
            if (err != XI_OK) {
                return err;
            }
        }
    }
    return XI_OK;
}
