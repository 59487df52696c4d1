/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

#include <xi/allot.h>
#include <xi/print.h>
#include <xi/range.h>
#include <xi/stage2.h>

/* The configuration's own trees name domains by their nodes. */
static xi_err refuse(const struct domain_config *domain, const char *property, const char *rule,
                     struct config_error *why)
{
    (void)xi_snprintf(why->line, sizeof(why->line), "/chosen/%s: %s: %s", domain->name, property, rule);
    return XI_ERR_SYNTAX;
}

static bool reaches(struct pa_range range)
{
    return range_fits(range.start.pa, range.size, 1ull << stage2_address_bits());
}

static xi_err out_of_reach(const char *node, const char *property, uint64_t at, struct config_error *why)
{
    (void)xi_snprintf(why->line, sizeof(why->line), "/chosen%s%s: %s: 0x%llx is above the %u bits of the smallest CPU",
                      node[0] == '\0' ? "" : "/", node, property, (unsigned long long)at, stage2_address_bits());
    return XI_ERR_SYNTAX;
}

/* Machine memory that only some of the CPUs address: guests and the core move among them. */
static xi_err check_reach(const struct system_config *config, struct config_error *why)
{
    for (uint32_t i = 0; i < config->heap_count; i++) {
        if (!reaches(config->heap[i])) {
            return out_of_reach("", "xen,static-heap", config->heap[i].start.pa, why);
        }
    }
    for (uint32_t i = 0; i < config->domain_count; i++) {
        const struct domain_config *d = &config->domains[i];
        for (uint32_t b = d->bank_first; b < d->bank_first + d->bank_count; b++) {
            if (!reaches(config->static_banks[b])) {
                return out_of_reach(d->name, "xen,static-mem", config->static_banks[b].start.pa, why);
            }
        }
        for (uint32_t v = 0; v < d->view_count; v++) {
            if (!reaches(d->views[v].share->machine)) {
                return out_of_reach(d->name, "xen,shared-mem", d->views[v].share->machine.start.pa, why);
            }
        }
        for (uint32_t r = 0; r < d->region_count; r++) {
            if (!reaches(d->regions[r].machine)) {
                return out_of_reach(d->name, "xen,reg", d->regions[r].machine.start.pa, why);
            }
        }
        const struct pa_range files[] = {d->kernel.file, d->ramdisk.file, d->devices.file};
        for (uint32_t f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
            if (!reaches(files[f])) {
                return out_of_reach(d->name, "reg", files[f].start.pa, why);
            }
        }
    }
    return XI_OK;
}

/* What the guest sees, in guest addresses. */
static xi_err check_guest_reach(const struct domain_config *domain, const struct guest_map *map,
                                struct config_error *why)
{
    const uint64_t limit = 1ull << stage2_address_bits();

    for (uint32_t i = 0; i < map->bank_count; i++) {
        if (!range_fits(map->banks[i].guest.ipa, map->banks[i].size, limit)) {
            return out_of_reach(domain->name, "memory", map->banks[i].guest.ipa, why);
        }
    }
    for (uint32_t i = 0; i < map->view_count; i++) {
        if (!range_fits(map->views[i].guest.ipa, map->views[i].size, limit)) {
            return out_of_reach(domain->name, "xen,shared-mem", map->views[i].guest.ipa, why);
        }
    }
    for (uint32_t i = 0; i < domain->region_count; i++) {
        if (!range_fits(domain->regions[i].guest.ipa, domain->regions[i].machine.size, limit)) {
            return out_of_reach(domain->name, "xen,reg", domain->regions[i].guest.ipa, why);
        }
    }
    return XI_OK;
}

static xi_err take(const struct domain_config *domain, struct page_heap *heap, struct pa_range *pieces,
                   uint32_t *count, struct config_error *why)
{
    xi_err err = pages_take(heap, domain->memory, pieces, GUEST_MAX_BANKS, count);

    if (err == XI_OK) {
        return XI_OK;
    }
    return refuse(domain, "memory",
                  err == XI_ERR_NO_MEMORY ? "more than is left, in whole blocks of 2 MiB"
                                          : "what is left is in too many pieces",
                  why);
}

static xi_err lay_out(const struct system_config *config, const struct domain_config *domain,
                      const struct pa_range *pieces, uint32_t count, struct guest_map *map, struct config_error *why)
{
    xi_err err = guest_map_make(&config->machine, domain, pieces, count, map);

    if (err == XI_ERR_BUSY) {
        return refuse(domain, "xen,shared-mem", "on the guest's RAM, its devices, or other shared memory", why);
    }
    if (err != XI_OK) {
        return refuse(domain, "memory", "more than a guest's address space holds", why);
    }
    if (guest_map_collision(domain, map) != NULL) {
        return refuse(domain, "xen,reg", "an assigned device on the guest's RAM, its own devices, or shared memory", why);
    }
    return check_guest_reach(domain, map, why);
}

xi_err allot_memory(const struct system_config *config, struct page_heap *heap, struct guest_map *maps,
                    struct config_error *why)
{
    static struct pa_range pieces[GUEST_MAX_BANKS];
    xi_err err = check_reach(config, why);

    for (uint32_t i = 0; i < config->domain_count && err == XI_OK; i++) {
        const struct domain_config *domain = &config->domains[i];
        const struct pa_range *from = &config->static_banks[domain->bank_first];
        uint32_t count = domain->bank_count;
        if (count == 0) {
            from = pieces;
            err = take(domain, heap, pieces, &count, why);
        }
        if (err == XI_OK) {
            err = lay_out(config, domain, from, count, &maps[i], why);
        }
    }
    return err;
}
