/* SPDX-License-Identifier: Apache-2.0 */
/* How large a domain's grant table may become, and how much it may have mapped (Xen docs/misc/arm/device-tree/booting.txt,
 * max_grant_version, max_grant_frames, max_maptrack_frames, since 4.18). */
#include <stddef.h>
#include <stdint.h>

#include "config_reader.h"

#define MAX_VERSION 2u /* a limit: guests are offered version 1 */

xi_err config_read_grants(const struct config_reader *reader, fdt_node node, struct domain_config *domain)
{
    uint32_t version = MAX_VERSION;
    const struct {
        const char *name;
        uint32_t *to, least, most;
    } limits[] = {
        {"max_grant_version", &version, 1, MAX_VERSION},
        {"max_grant_frames", &domain->grant_frames, 1, CONFIG_MAX_GRANT_FRAMES},
        {"max_maptrack_frames", &domain->mapping_frames, 0, CONFIG_MAX_MAPPING_FRAMES},
    };

    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (!fdt_has(&reader->fdt, node, limits[i].name)) {
            continue;
        }
        if (!fdt_u32(&reader->fdt, node, limits[i].name, limits[i].to) || *limits[i].to < limits[i].least ||
            *limits[i].to > limits[i].most) {
            return config_refuse(reader, node, limits[i].name, "not %u to %u", limits[i].least, limits[i].most);
        }
    }
    return XI_OK;
}
