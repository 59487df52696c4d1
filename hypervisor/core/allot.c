/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

#include <xi/allot.h>
#include <xi/print.h>

/* The configuration's own trees name domains by their nodes. */
static xi_err refuse(const struct domain_config *domain, const char *property, const char *rule,
                     struct config_error *why)
{
    (void)xi_snprintf(why->line, sizeof(why->line), "/chosen/%s: %s: %s", domain->name, property, rule);
    return XI_ERR_SYNTAX;
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
    if (err == XI_OK && guest_map_collision(domain, map) != NULL) {
        return refuse(domain, "xen,reg", "an assigned device on the guest's RAM, its own devices, or shared memory", why);
    }
    return err == XI_OK ? XI_OK : refuse(domain, "memory", "more than a guest's address space holds", why);
}

xi_err allot_memory(const struct system_config *config, struct page_heap *heap, struct guest_map *maps,
                    struct config_error *why)
{
    static struct pa_range pieces[GUEST_MAX_BANKS];
    xi_err err = XI_OK;

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
