/* SPDX-License-Identifier: Apache-2.0 */
/* The table of an arinc653 pool. Ours: upstream's is set by a toolstack. In the pool's node: xenimg,arinc653-frame
 * in µs; xenimg,arinc653-domains, a string for each window, "" for a pause; xenimg,arinc653-windows, two cells for
 * each: vCPU and µs. */
#include <stddef.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/string.h>

#include "config_reader.h"

static const char frame_name[] = "xenimg,arinc653-frame";
static const char domains_name[] = "xenimg,arinc653-domains";
static const char windows_name[] = "xenimg,arinc653-windows";

/* The next string of the list that ends at `end`; NULL where there is none, or it does not end. */
static const char *next_string(const char **at, const char *end)
{
    const char *string = *at;
    const size_t length = strnlen(string, (size_t)(end - string));

    if (string == end || length == (size_t)(end - string)) {
        return NULL;
    }
    *at = string + length + 1;
    return string;
}

static uint32_t find_domain(const struct system_config *config, uint32_t pool, const char *name)
{
    for (uint32_t i = 0; i < config->domain_count; i++) {
        if (config->domains[i].pool == pool && strcmp(config->domains[i].name, name) == 0) {
            return i;
        }
    }
    return CONFIG_NOBODY;
}

static xi_err read_window(const struct config_reader *reader, uint32_t pool, uint32_t index, const char *name,
                          const uint8_t *cells)
{
    const struct system_config *config = reader->config;
    const fdt_node node = reader->pool_nodes[pool];
    struct config_window *window = &reader->config->pools[pool].schedule.windows[index];

    *window = (struct config_window){CONFIG_NOBODY, xi_read_be32(cells), xi_read_be32(cells + 4)};
    if (window->duration < CONFIG_MIN_WINDOW || window->duration > CONFIG_MAX_FRAME) {
        return config_refuse(reader, node, windows_name, "window %u is not %u to %u microseconds", index,
                             CONFIG_MIN_WINDOW, CONFIG_MAX_FRAME);
    }
    if (name[0] == '\0') {
        return XI_OK;
    }
    window->domain = find_domain(config, pool, name);
    if (window->domain == CONFIG_NOBODY) {
        return config_refuse(reader, node, domains_name, "no domain \"%s\" in this pool", name);
    }
    if (window->vcpu >= config->domains[window->domain].cpus) {
        return config_refuse(reader, node, windows_name, "window %u: no vCPU %u in \"%s\"", index, window->vcpu, name);
    }
    return XI_OK;
}

static bool has_window(const struct config_schedule *schedule, uint32_t domain, uint32_t vcpu)
{
    for (uint32_t i = 0; i < schedule->window_count; i++) {
        if (schedule->windows[i].domain == domain && schedule->windows[i].vcpu == vcpu) {
            return true;
        }
    }
    return false;
}

static xi_err check_all(const struct config_reader *reader, uint32_t pool)
{
    const struct system_config *config = reader->config;
    const struct config_schedule *schedule = &config->pools[pool].schedule;
    const fdt_node node = reader->pool_nodes[pool];
    uint64_t sum = 0;

    for (uint32_t i = 0; i < schedule->window_count; i++) {
        sum += schedule->windows[i].duration;
    }
    if (sum > schedule->frame) {
        return config_refuse(reader, node, windows_name, "%u microseconds in a frame of %u", (uint32_t)sum,
                             schedule->frame);
    }
    for (uint32_t i = 0; i < config->domain_count; i++) {
        const struct domain_config *d = &config->domains[i];
        for (uint32_t v = 0; v < d->cpus && d->pool == pool; v++) {
            if (!has_window(schedule, i, v)) {
                return config_refuse(reader, node, windows_name, "none for vCPU %u of \"%s\"", v, d->name);
            }
        }
    }
    return XI_OK;
}

static xi_err read_schedule(const struct config_reader *reader, uint32_t pool)
{
    struct config_schedule *schedule = &reader->config->pools[pool].schedule;
    const fdt_node node = reader->pool_nodes[pool];
    struct fdt_property names, windows;

    if (reader->config->pools[pool].cpu_count != 1) {
        return config_refuse(reader, node, "cpupool-cpus", "arinc653 has one CPU");
    }
    if (!fdt_u32(&reader->fdt, node, frame_name, &schedule->frame) || schedule->frame < CONFIG_MIN_WINDOW ||
        schedule->frame > CONFIG_MAX_FRAME) {
        return config_refuse(reader, node, frame_name, "missing, or not %u to %u", CONFIG_MIN_WINDOW,
                             CONFIG_MAX_FRAME);
    }
    if (!fdt_property(&reader->fdt, node, windows_name, &windows) || windows.size == 0 || windows.size % 8 != 0 ||
        windows.size / 8 > CONFIG_MAX_WINDOWS) {
        return config_refuse(reader, node, windows_name, "missing, or not 1 to %u pairs", CONFIG_MAX_WINDOWS);
    }
    if (!fdt_property(&reader->fdt, node, domains_name, &names)) {
        return config_refuse(reader, node, domains_name, "missing");
    }
    const char *at = (const char *)names.value, *end = at + names.size;
    for (uint32_t i = 0; i < windows.size / 8; i++) {
        const char *name = next_string(&at, end);
        if (name == NULL) {
            return config_refuse(reader, node, domains_name, "fewer than windows");
        }
        xi_err err = read_window(reader, pool, i, name, windows.value + 8 * (size_t)i);
        if (err != XI_OK) {
            return err;
        }
    }
    schedule->window_count = windows.size / 8;
    return at == end ? check_all(reader, pool) : config_refuse(reader, node, domains_name, "more than windows");
}

static xi_err refuse_table(const struct config_reader *reader, fdt_node node)
{
    const char *const names[] = {frame_name, domains_name, windows_name};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (fdt_has(&reader->fdt, node, names[i])) {
            return config_refuse(reader, node, names[i], "the scheduler is not arinc653");
        }
    }
    return XI_OK;
}

xi_err config_read_schedules(const struct config_reader *reader)
{
    const struct system_config *config = reader->config;

    for (uint32_t i = 0; i < config->pool_count; i++) {
        bool table = config->pools[i].scheduler == CONFIG_SCHED_ARINC653;
        bool used = false;
        for (uint32_t d = 0; d < config->domain_count; d++) {
            used = used || config->domains[d].pool == i;
        }
        xi_err err = !table ? refuse_table(reader, reader->pool_nodes[i]) : used ? read_schedule(reader, i) : XI_OK;
        if (err != XI_OK) {
            return err;
        }
    }
    return XI_OK;
}
