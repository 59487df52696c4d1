/* SPDX-License-Identifier: Apache-2.0 */
/* CPU pools (Xen docs/misc/arm/device-tree/cpupools.txt). */
#include <stddef.h>
#include <stdint.h>

#include <xi/bits.h>

#include "config_reader.h"

#define NO_POOL UINT32_MAX

static uint32_t cpu_of(const struct config_reader *reader, uint32_t phandle)
{
    const struct config_machine *machine = &reader->config->machine;
    uint32_t index = 0;

    while (index < machine->cpu_count && (phandle == 0 || reader->cpu_phandles[index] != phandle)) {
        index++;
    }
    return index;
}

static xi_err add_pool_cpus(struct config_reader *reader, fdt_node node, uint32_t index)
{
    struct config_machine *machine = &reader->config->machine;
    struct config_pool *pool = &reader->config->pools[index];
    struct fdt_property cpus;

    if (!fdt_property(&reader->fdt, node, "cpupool-cpus", &cpus) || cpus.size == 0 || cpus.size % 4 != 0) {
        return config_refuse(reader, node, "cpupool-cpus", "missing or empty");
    }
    for (uint32_t at = 0; at < cpus.size; at += 4) {
        uint32_t cpu = cpu_of(reader, xi_read_be32(cpus.value + at));
        if (cpu == machine->cpu_count) {
            return config_refuse(reader, node, "cpupool-cpus", "entry %u is no CPU of this machine", at / 4);
        }
        if (machine->cpus[cpu].pool != NO_POOL) {
            return config_refuse(reader, node, "cpupool-cpus", "entry %u is in a pool already", at / 4);
        }
        machine->cpus[cpu].pool = index;
        pool->cpus[pool->cpu_count++] = cpu;
    }
    return XI_OK;
}

static xi_err add_pool(struct config_reader *reader, fdt_node node)
{
    struct system_config *config = reader->config;
    uint32_t index = config->pool_count;

    if (index == CONFIG_MAX_CPUS) {
        return config_refuse(reader, node, "compatible", "more pools than CPUs");
    }
    config->pool_count++;
    reader->pool_nodes[index] = node;
    xi_err err = config_read_phandle(reader, node, &reader->pool_phandles[index]);
    if (err == XI_OK) {
        err = config_read_scheduler(reader, node, &config->pools[index].scheduler);
    }
    return err == XI_OK ? add_pool_cpus(reader, node, index) : err;
}

/* CPUs that are in no pool form one, for which /chosen speaks. */
static void add_rest(struct config_reader *reader, fdt_node chosen)
{
    struct config_machine *machine = &reader->config->machine;
    uint32_t index = reader->config->pool_count;

    for (uint32_t cpu = 0; cpu < machine->cpu_count; cpu++) {
        if (machine->cpus[cpu].pool == NO_POOL) {
            struct config_pool *pool = &reader->config->pools[index];
            machine->cpus[cpu].pool = index;
            pool->scheduler = reader->scheduler;
            pool->cpus[pool->cpu_count++] = cpu;
            reader->pool_nodes[index] = chosen;
            reader->config->pool_count = index + 1;
        }
    }
}

/* The pool of the boot CPU changes places with the first. */
static void boot_pool_first(struct config_reader *reader)
{
    struct system_config *config = reader->config;
    uint32_t boot = config->machine.cpus[0].pool;
    struct config_pool pool = config->pools[boot];
    uint32_t phandle = reader->pool_phandles[boot];
    fdt_node node = reader->pool_nodes[boot];

    config->pools[boot] = config->pools[0];
    reader->pool_phandles[boot] = reader->pool_phandles[0];
    config->pools[0] = pool;
    reader->pool_phandles[0] = phandle;
    reader->pool_nodes[boot] = reader->pool_nodes[0];
    reader->pool_nodes[0] = node;
    for (uint32_t cpu = 0; cpu < config->machine.cpu_count; cpu++) {
        uint32_t *of = &config->machine.cpus[cpu].pool;
        *of = *of == boot ? 0 : *of == 0 ? boot : *of;
    }
}

xi_err config_read_pools(struct config_reader *reader, fdt_node chosen)
{
    const struct fdt *fdt = &reader->fdt;
    xi_err err = config_read_default_scheduler(reader, chosen);

    for (uint32_t cpu = 0; cpu < reader->config->machine.cpu_count; cpu++) {
        reader->config->machine.cpus[cpu].pool = NO_POOL;
    }
    for (fdt_node node = fdt_first_child(fdt, chosen); node != FDT_NONE && err == XI_OK;
         node = fdt_next_sibling(fdt, node)) {
        if (fdt_is_compatible(fdt, node, "xen,cpupool")) {
            err = add_pool(reader, node);
        }
    }
    if (err == XI_OK) {
        add_rest(reader, chosen);
        boot_pool_first(reader);
    }
    return err;
}
