/* SPDX-License-Identifier: Apache-2.0 */
/* Domains (Xen docs/misc/arm/device-tree/booting.txt, "Creating Multiple Domains directly from Xen"). */
#include <stddef.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/string.h>

#include "config_reader.h"

#define GICV2_MAX_VCPUS 8u

/* Domains may share a file: it counts once. */
static bool is_known_module(const struct system_config *config, struct pa_range file)
{
    for (uint32_t i = 0; i < config->domain_count; i++) {
        const struct domain_config *d = &config->domains[i];
        if ((d->kernel.file.size != 0 && d->kernel.file.start.pa == file.start.pa) ||
            (d->ramdisk.file.size != 0 && d->ramdisk.file.start.pa == file.start.pa) ||
            (d->devices.file.size != 0 && d->devices.file.start.pa == file.start.pa)) {
            return true;
        }
    }
    return false;
}

static xi_err read_module(struct config_reader *reader, fdt_node node, struct config_module *module)
{
    struct fdt_property reg;
    uint64_t start, size;
    const struct fdt *fdt = &reader->fdt;

    if (module->file.size != 0) {
        return config_refuse(reader, node, "compatible", "a second one of its kind");
    }
    if (!fdt_property(fdt, node, "reg", &reg)) {
        return config_refuse(reader, node, "reg", "missing");
    }
    const struct fdt_cells cells = fdt_cells(fdt, fdt_parent(fdt, node));
    if (!fdt_pair(&reg, cells, 0, &start, &size)) {
        return config_refuse(reader, node, "reg", "too short for the cells of the domain's node");
    }
    if (reg.size != 4 * (cells.address + cells.size)) {
        return config_refuse(reader, node, "reg", "more than one address and size: a module is in one piece");
    }
    if (size == 0 || !range_fits(start, size, 1ull << 48)) {
        return config_refuse(reader, node, "reg", "empty or beyond 48 bits");
    }
    struct pa_range file = {image_locate(reader->image, (pa_t){start}, size), size};
    if (!is_known_module(reader->config, file) && ++reader->module_count > CONFIG_MAX_MODULES) {
        return config_refuse(reader, node, "reg", "more than %u boot modules", CONFIG_MAX_MODULES);
    }
    module->file = file;
    return XI_OK;
}

static xi_err read_child(struct config_reader *reader, fdt_node of, fdt_node node, struct domain_config *domain)
{
    const struct fdt *fdt = &reader->fdt;

    if (fdt_is_compatible(fdt, node, "multiboot,kernel")) {
        xi_err err = read_module(reader, node, &domain->kernel);
        return err == XI_OK ? config_read_bootargs(reader, node, "bootargs", domain->bootargs) : err;
    }
    if (fdt_is_compatible(fdt, node, "multiboot,ramdisk")) {
        return read_module(reader, node, &domain->ramdisk);
    }
    if (fdt_is_compatible(fdt, node, "multiboot,device-tree")) {
        return read_module(reader, node, &domain->devices);
    }
    if (fdt_is_compatible(fdt, node, "xen,domain-shared-memory-v1")) {
        return config_read_share(reader, of, node, domain);
    }
    if (fdt_is_compatible(fdt, node, "xen,vcpu")) {
        return config_read_vcpu(reader, node, domain);
    }
    return XI_OK;
}

static xi_err read_memory(const struct config_reader *reader, fdt_node node, struct domain_config *domain)
{
    struct fdt_property memory;

    if (!fdt_property(&reader->fdt, node, "memory", &memory) || memory.size != 8) {
        return config_refuse(reader, node, "memory", "missing, or not two cells");
    }
    uint64_t kib = xi_read_be64(memory.value);
    if (kib == 0 || kib > XI_GIB(1) * 1024 || kib % 4 != 0) {
        return config_refuse(reader, node, "memory", "not a number of whole pages, in KiB");
    }
    /* Without a word the domain would share the whole cache: upstream without colouring stops here, too. */
    if (fdt_has(&reader->fdt, node, "llc-colors")) {
        return config_refuse(reader, node, "llc-colors", "cache colours are not supported");
    }
    domain->memory = kib << 10;
    return XI_OK;
}

static xi_err read_banks(const struct config_reader *reader, fdt_node chosen, fdt_node node,
                         struct domain_config *domain)
{
    struct system_config *config = reader->config;
    uint64_t sum = 0;

    domain->bank_first = config->static_bank_count;
    /* The cells of /chosen: the parent's, since 4.17. */
    xi_err err = config_read_ranges(reader, node, "xen,static-mem", fdt_cells(&reader->fdt, chosen),
                                    config->static_banks, &config->static_bank_count);
    if (err != XI_OK) {
        return err;
    }
    domain->bank_count = config->static_bank_count - domain->bank_first;
    for (uint32_t i = domain->bank_first; i < config->static_bank_count; i++) {
        struct pa_range bank = config->static_banks[i];
        if (!xi_is_aligned(bank.start.pa | bank.size, XI_PAGE)) {
            return config_refuse(reader, node, "xen,static-mem", "not whole pages");
        }
        sum += bank.size;
    }
    if (domain->bank_count != 0 && sum != domain->memory) {
        return config_refuse(reader, node, "memory", "not the sum of xen,static-mem");
    }
    domain->direct_map = fdt_has(&reader->fdt, node, "direct-map");
    if (domain->direct_map && domain->bank_count == 0) {
        return config_refuse(reader, node, "direct-map", "needs xen,static-mem");
    }
    return XI_OK;
}

static xi_err read_enhanced(const struct config_reader *reader, fdt_node node, struct domain_config *domain)
{
    struct fdt_property enhanced;
    const char *text = fdt_string(&reader->fdt, node, "xen,enhanced");

    if (!fdt_property(&reader->fdt, node, "xen,enhanced", &enhanced)) {
        return XI_OK;
    }
    if (enhanced.size == 0 || (text != NULL && strcmp(text, "enabled") == 0)) {
        return config_read_enabled(reader, node, domain);
    }
    if (text != NULL && strcmp(text, "no-xenstore") == 0) {
        domain->xen = CONFIG_XEN_NO_XENSTORE;
        return XI_OK;
    }
    if (text != NULL && strcmp(text, "disabled") == 0) {
        return XI_OK;
    }
    return config_refuse(reader, node, "xen,enhanced", "neither \"no-xenstore\" nor \"disabled\"");
}

static xi_err read_pool(const struct config_reader *reader, fdt_node node, struct domain_config *domain)
{
    uint32_t phandle;

    if (!fdt_has(&reader->fdt, node, "domain-cpupool")) {
        return XI_OK;
    }
    for (uint32_t i = 0; fdt_u32(&reader->fdt, node, "domain-cpupool", &phandle) && i < reader->config->pool_count;
         i++) {
        if (phandle != 0 && reader->pool_phandles[i] == phandle) {
            domain->pool = i;
            return XI_OK;
        }
    }
    return config_refuse(reader, node, "domain-cpupool", "not the phandle of a xen,cpupool node");
}

static xi_err read_numbers(const struct config_reader *reader, fdt_node node, struct domain_config *domain)
{
    const struct fdt *fdt = &reader->fdt;
    uint32_t limit = reader->config->machine.gic.version == 2 ? GICV2_MAX_VCPUS : CONFIG_MAX_VCPUS;
    uint32_t p2m = 0;

    if (!fdt_u32(fdt, node, "cpus", &domain->cpus) || domain->cpus == 0 || domain->cpus > limit) {
        return config_refuse(reader, node, "cpus", "missing, or not 1 to %u", limit);
    }
    if (fdt_has(fdt, node, "nr_spis") && (!fdt_u32(fdt, node, "nr_spis", &domain->spis) ||
                                          domain->spis > CONFIG_MAX_SPIS)) {
        return config_refuse(reader, node, "nr_spis", "not 0 to %u", CONFIG_MAX_SPIS);
    }
    if (fdt_has(fdt, node, "xen,domain-p2m-mem-mb") && !fdt_u32(fdt, node, "xen,domain-p2m-mem-mb", &p2m)) {
        return config_refuse(reader, node, "xen,domain-p2m-mem-mb", "not one cell");
    }
    domain->p2m = XI_MIB(p2m);
    return XI_OK;
}

/* Ours: no binding of Xen says what follows, because its toolstack decides. The defaults are those of xl.cfg(5). */
static xi_err read_actions(const struct config_reader *reader, fdt_node node, struct domain_config *domain)
{
    static const struct {
        const char *property;
        enum shutdown_reason reason;
        enum config_action otherwise;
    } rules[] = {
        {"xenimg,on-poweroff", SHUTDOWN_POWEROFF, CONFIG_DESTROY},
        {"xenimg,on-reboot", SHUTDOWN_RESET, CONFIG_RESTART},
        {"xenimg,on-crash", SHUTDOWN_CRASH, CONFIG_DESTROY},
        {"xenimg,on-watchdog", SHUTDOWN_WATCHDOG, CONFIG_DESTROY},
    };
    static const char *const names[] = {"destroy", "preserve", "restart"};

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        domain->on[rules[i].reason] = rules[i].otherwise;
        if (!fdt_has(&reader->fdt, node, rules[i].property)) {
            continue;
        }
        const char *text = fdt_string(&reader->fdt, node, rules[i].property);
        uint32_t action = 0;
        while (action <= CONFIG_RESTART && (text == NULL || strcmp(text, names[action]) != 0)) {
            action++;
        }
        if (action > CONFIG_RESTART) {
            return config_refuse(reader, node, rules[i].property, "none of destroy, preserve, restart");
        }
        domain->on[rules[i].reason] = (enum config_action)action;
    }
    return XI_OK;
}

/* It begins console lines: nothing in it may end one, or move the cursor. */
static xi_err read_name(const struct config_reader *reader, fdt_node node, struct domain_config *domain)
{
    const char *name = fdt_name(&reader->fdt, node);

    if (name[0] == '\0' || strlen(name) > CONFIG_MAX_NAME) {
        return config_refuse(reader, node, "name", "not 1 to %u characters", CONFIG_MAX_NAME);
    }
    for (const char *c = name; *c != '\0'; c++) {
        if (*c <= ' ' || *c > '~') {
            return config_refuse(reader, node, "name", "not made of printable characters");
        }
    }
    memcpy(domain->name, name, strlen(name) + 1);
    return XI_OK;
}

static xi_err read_domain(struct config_reader *reader, fdt_node chosen, fdt_node node,
                          struct domain_config *domain)
{
    const struct fdt *fdt = &reader->fdt;

    domain->vpl011 = fdt_has(fdt, node, "vpl011");
    xi_err err = read_name(reader, node, domain);
    if (err == XI_OK) {
        err = read_memory(reader, node, domain);
    }
    if (err == XI_OK) {
        err = read_numbers(reader, node, domain);
    }
    if (err == XI_OK) {
        err = read_banks(reader, chosen, node, domain);
    }
    domain->grant_frames = CONFIG_GRANT_FRAMES;
    domain->mapping_frames = CONFIG_MAPPING_FRAMES;
    if (err == XI_OK) {
        err = config_read_grants(reader, node, domain);
    }
    if (err == XI_OK) {
        err = read_enhanced(reader, node, domain);
    }
    if (err == XI_OK) {
        err = read_pool(reader, node, domain);
    }
    if (err == XI_OK) {
        err = config_read_shares_of_time(reader, node, domain);
    }
    if (err == XI_OK) {
        err = read_actions(reader, node, domain);
    }
    for (fdt_node child = fdt_first_child(fdt, node); child != FDT_NONE && err == XI_OK;
         child = fdt_next_sibling(fdt, child)) {
        err = read_child(reader, node, child, domain);
    }
    if (err == XI_OK && domain->kernel.file.size == 0) {
        err = config_refuse(reader, node, "multiboot,kernel", "missing");
    }
    if (err == XI_OK && domain->direct_map && domain->vpl011 && reader->config->machine.uart.registers.size < XI_PAGE) {
        err = config_refuse(reader, node, "vpl011", "a direct-mapped domain needs the address of a host UART");
    }
    return err;
}

xi_err config_read_domains(struct config_reader *reader, fdt_node chosen)
{
    const struct fdt *fdt = &reader->fdt;
    struct system_config *config = reader->config;

    for (fdt_node node = fdt_first_child(fdt, chosen); node != FDT_NONE; node = fdt_next_sibling(fdt, node)) {
        if (fdt_is_compatible(fdt, node, "multiboot,kernel") || fdt_is_compatible(fdt, node, "xen,linux-zimage")) {
            return config_refuse(reader, node, "compatible", "a dom0 kernel is not supported");
        }
        if (!fdt_is_compatible(fdt, node, "xen,domain")) {
            continue;
        }
        if (config->domain_count == CONFIG_MAX_DOMAINS) {
            return config_refuse(reader, node, "compatible", "more than %u domains", CONFIG_MAX_DOMAINS);
        }
        xi_err err = read_domain(reader, chosen, node, &config->domains[config->domain_count++]);
        if (err != XI_OK) {
            return err;
        }
    }
    return config->domain_count == 0 ? config_refuse(reader, chosen, "xen,domain", "no domain") : XI_OK;
}
