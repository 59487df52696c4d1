/* SPDX-License-Identifier: Apache-2.0 */
/* Assigned devices (Xen docs/misc/arm/passthrough.txt and device-tree/booting.txt, "Device Assignment"): a domain's partial
 * device tree says what the guest sees of them, and by xen,reg and xen,path what of the machine that is. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/guest_map.h>
#include <xi/string.h>
#include <xi/vgic.h>

#include "config_interrupts.h"
#include "config_reader.h"

#define MAX_CELLS 2u

/* A domain's partial tree is read with the system's at hand. */
struct device_reader {
    struct config_reader part; /* its tree is the domain's; config and why are everybody's */
    const struct config_reader *system;
    struct domain_config *domain;
};

static const char *owner_of(const struct system_config *config, const struct config_region *region)
{
    for (uint32_t i = 0; i < config->domain_count; i++) {
        const struct domain_config *d = &config->domains[i];
        if (d->region_count != 0 && region >= d->regions && region < d->regions + d->region_count) {
            return d->name;
        }
    }
    return "";
}

/* What of the machine is the core's, or is memory; NULL: neither. */
static const char *taken_by_core(const struct config_machine *machine, struct pa_range range)
{
    const struct config_gic *gic = &machine->gic;
    const struct pa_range console = {{xi_align_down(machine->uart.registers.start.pa, XI_PAGE)},
                                     xi_align_up(machine->uart.registers.size, XI_PAGE)};
    const struct pa_range parts[] = {gic->distributor, gic->cpu_interface, gic->hyp_interface, gic->vcpu_interface};

    for (uint32_t i = 0; i < machine->memory_count; i++) {
        if (pa_range_overlaps(range, machine->memory[i])) {
            return "RAM";
        }
    }
    for (uint32_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (pa_range_overlaps(range, parts[i])) {
            return "the interrupt controller";
        }
    }
    for (uint32_t i = 0; i < gic->redistributor_count; i++) {
        if (pa_range_overlaps(range, gic->redistributors[i])) {
            return "the interrupt controller";
        }
    }
    return pa_range_overlaps(range, console) ? "the core's console" : NULL;
}

static bool same_region(const struct config_region *a, const struct config_region *b)
{
    return a->machine.start.pa == b->machine.start.pa && a->machine.size == b->machine.size &&
           a->guest.ipa == b->guest.ipa;
}

/* A page may hold several devices of one domain: it counts once. */
static xi_err add_region(struct device_reader *reader, fdt_node node, struct config_region region)
{
    struct system_config *config = reader->part.config;
    struct domain_config *domain = reader->domain;
    const char *taken = taken_by_core(&config->machine, region.machine);

    if (taken != NULL) {
        return config_refuse(&reader->part, node, "xen,reg", "0x%llx is %s", (unsigned long long)region.machine.start.pa,
                             taken);
    }
    for (uint32_t i = 0; i < config->region_count; i++) {
        const struct config_region *other = &config->regions[i];
        bool own = other >= domain->regions;
        if (own && same_region(other, &region)) {
            return XI_OK;
        }
        if (pa_range_overlaps(other->machine, region.machine)) {
            return config_refuse(&reader->part, node, "xen,reg", "0x%llx is assigned to %s already",
                                 (unsigned long long)region.machine.start.pa,
                                 own ? domain->name : owner_of(config, other));
        }
        if (own && range_overlaps(other->guest.ipa, other->machine.size, region.guest.ipa, region.machine.size)) {
            return config_refuse(&reader->part, node, "xen,reg", "the guest has another device at 0x%llx",
                                 (unsigned long long)region.guest.ipa);
        }
    }
    if (config->region_count == CONFIG_MAX_REGIONS) {
        return config_refuse(&reader->part, node, "xen,reg", "more than %u regions in all", CONFIG_MAX_REGIONS);
    }
    config->regions[config->region_count++] = region;
    domain->region_count++;
    return XI_OK;
}

/* Machine address, size, guest address, in the cells that the node's parent gives. */
static xi_err read_regions(struct device_reader *reader, fdt_node node)
{
    const struct fdt *fdt = &reader->part.fdt;
    struct fdt_cells cells = fdt_cells(fdt, fdt_parent(fdt, node));
    struct fdt_property reg;

    if (!fdt_property(fdt, node, "xen,reg", &reg)) {
        return XI_OK;
    }
    bool usable = cells.address >= 1 && cells.address <= MAX_CELLS && cells.size >= 1 && cells.size <= MAX_CELLS;
    uint32_t bytes = usable ? 4 * (2 * cells.address + cells.size) : 0;
    if (!usable || reg.size == 0 || reg.size % bytes != 0) {
        return config_refuse(&reader->part, node, "xen,reg",
                             "not machine addresses, sizes and guest addresses in one or two cells each");
    }
    for (uint32_t at = 0; at < reg.size; at += bytes) {
        const uint8_t *value = reg.value + at;
        uint64_t pa = 0, size = 0, ipa = 0;
        (void)fdt_number(value, cells.address, &pa); /* two cells fit */
        (void)fdt_number(value + 4 * cells.address, cells.size, &size);
        (void)fdt_number(value + 4 * (cells.address + cells.size), cells.address, &ipa);
        if (size == 0 || !xi_is_aligned(pa | size | ipa, XI_PAGE) || !range_fits(pa, size, 1ull << 48) ||
            !range_fits(ipa, size, 1ull << 48)) {
            return config_refuse(&reader->part, node, "xen,reg", "empty, not whole pages, or beyond 48 bits");
        }
        xi_err err = add_region(reader, node, (struct config_region){{{pa}, size}, {ipa}});
        if (err != XI_OK) {
            return err;
        }
    }
    return XI_OK;
}

/* Why the domain cannot have it; NULL: it can. */
static const char *unfit(const struct device_reader *reader, uint32_t intid)
{
    const struct config_machine *machine = &reader->part.config->machine;
    const struct domain_config *domain = reader->domain;

    if (intid < VGIC_PRIVATE || intid >= VGIC_MAX_INTIDS) {
        return "is not a shared interrupt";
    }
    if (intid == machine->uart.intid) {
        return "is the core's console's";
    }
    if (domain->vpl011 && !domain->direct_map && intid == GUEST_UART_INTID) {
        return "is that of the guest's vpl011";
    }
    if (domain->spis != 0 && intid - VGIC_PRIVATE >= domain->spis) {
        return "is beyond nr_spis";
    }
    return NULL;
}

static xi_err add_interrupt(struct device_reader *reader, fdt_node node, struct config_interrupt interrupt)
{
    struct system_config *config = reader->part.config;
    const char *why = unfit(reader, interrupt.intid);

    if (why != NULL) {
        return config_refuse(&reader->part, node, "xen,path", "interrupt %u %s", interrupt.intid, why);
    }
    for (uint32_t i = 0; i < config->interrupt_count; i++) {
        if (config->interrupts[i].intid != interrupt.intid) {
            continue;
        }
        if (&config->interrupts[i] >= reader->domain->interrupts) {
            return XI_OK; /* its own: a device may name an interrupt twice */
        }
        return config_refuse(&reader->part, node, "xen,path", "interrupt %u is assigned already", interrupt.intid);
    }
    if (config->interrupt_count == CONFIG_MAX_INTERRUPTS) {
        return config_refuse(&reader->part, node, "xen,path", "more than %u interrupts in all", CONFIG_MAX_INTERRUPTS);
    }
    config->interrupts[config->interrupt_count++] = interrupt;
    reader->domain->interrupt_count++;
    return XI_OK;
}

/* The interrupts are those of the machine's node: what the guest's node says is for the guest. */
static xi_err read_path(struct device_reader *reader, fdt_node node)
{
    const struct fdt *system = &reader->system->fdt;
    const char *path = fdt_string(&reader->part.fdt, node, "xen,path");
    struct config_interrupt interrupt;
    xi_err err = XI_OK;

    if (!fdt_has(&reader->part.fdt, node, "xen,path")) {
        return XI_OK;
    }
    fdt_node device = path == NULL ? FDT_NONE : fdt_find(system, path);
    if (device == FDT_NONE) {
        return config_refuse(&reader->part, node, "xen,path", "not the path of a node of the system's tree");
    }
    for (fdt_node above = device; above != FDT_NONE; above = fdt_parent(system, above)) {
        if (above == config_find_gic(system)) {
            return config_refuse(&reader->part, node, "xen,path", "the interrupt controller is the core's");
        }
    }
    for (uint32_t i = 0; err == XI_OK; i++) {
        err = config_interrupt(system, device, i, &interrupt);
        if (err == XI_ERR_NOT_FOUND) {
            return XI_OK;
        }
        err = err == XI_OK ? add_interrupt(reader, node, interrupt)
                           : config_refuse(&reader->part, node, "xen,path", "interrupt %u of the node is malformed", i);
    }
    return err;
}

/* The properties that passthrough.txt calls mandatory, without which a guest finds nothing below. */
static xi_err check_bus(const struct device_reader *reader, fdt_node bus)
{
    static const char *const mandatory[] = {"ranges", "#address-cells", "#size-cells"};

    if (!fdt_is_compatible(&reader->part.fdt, bus, "simple-bus")) {
        return config_refuse(&reader->part, bus, "compatible", "not \"simple-bus\"");
    }
    for (uint32_t i = 0; i < sizeof(mandatory) / sizeof(mandatory[0]); i++) {
        if (!fdt_has(&reader->part.fdt, bus, mandatory[i])) {
            return config_refuse(&reader->part, bus, mandatory[i], "missing");
        }
    }
    return XI_OK;
}

/* Which of the three properties need each other (passthrough.txt). */
static xi_err check_device(const struct device_reader *reader, fdt_node node)
{
    const struct fdt *fdt = &reader->part.fdt;
    bool regions = fdt_has(fdt, node, "xen,reg"), path = fdt_has(fdt, node, "xen,path");

    if (path && !regions) {
        return config_refuse(&reader->part, node, "xen,reg", "missing beside xen,path");
    }
    if ((regions || path) && !fdt_has(fdt, node, "xen,force-assign-without-iommu")) {
        return config_refuse(&reader->part, node, "xen,force-assign-without-iommu", "missing: no IOMMU is driven");
    }
    return XI_OK;
}

static xi_err read_tree(struct device_reader *reader)
{
    const struct fdt *fdt = &reader->part.fdt;
    fdt_node bus = fdt_child(fdt, fdt_root(fdt), "passthrough");

    if (fdt->size > CONFIG_MAX_FRAGMENT) {
        return config_refuse(&reader->part, FDT_NONE, "header", "more than %u bytes", CONFIG_MAX_FRAGMENT);
    }
    if (bus == FDT_NONE) {
        return config_refuse(&reader->part, fdt_root(fdt), "passthrough", "missing");
    }
    xi_err err = check_bus(reader, bus);
    fdt_node end = fdt_next_sibling(fdt, bus);
    for (fdt_node node = fdt_first_child(fdt, bus); err == XI_OK && node != FDT_NONE && node < end;
         node = fdt_next(fdt, node)) {
        err = check_device(reader, node);
        if (err == XI_OK) {
            err = read_regions(reader, node);
        }
        if (err == XI_OK) {
            err = read_path(reader, node);
        }
    }
    return err;
}

xi_err config_read_devices(const void *blob, size_t limit, struct system_config *config, struct config_error *why)
{
    struct config_reader system = {.config = config, .why = why};
    xi_err err = config_open(&system, blob, limit);

    config->region_count = 0;
    config->interrupt_count = 0;
    for (uint32_t i = 0; i < config->domain_count && err == XI_OK; i++) {
        struct domain_config *domain = &config->domains[i];
        struct device_reader reader = {.part = {.of = domain->name, .config = config, .why = why},
                                       .system = &system,
                                       .domain = domain};
        if (domain->devices.file.size == 0) {
            continue;
        }
        domain->regions = &config->regions[config->region_count];
        domain->interrupts = &config->interrupts[config->interrupt_count];
        err = config_open(&reader.part, arch_pa_to_va(domain->devices.file.start), domain->devices.file.size);
        if (err == XI_OK) {
            err = config_check_names(&reader.part);
        }
        if (err == XI_OK) {
            err = config_check_cells(&reader.part);
        }
        if (err == XI_OK) {
            err = read_tree(&reader);
        }
    }
    return err;
}
