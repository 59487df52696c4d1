/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/config.h>
#include <xi/print.h>
#include <xi/string.h>

#include "config_reader.h"

#define HEAP_ALIGN XI_KIB(64) /* booting.txt, xen,static-heap */

/* The tree is anybody's: whatever it holds, the line stays one line. */
static void make_printable(char *line)
{
    for (; *line != '\0'; line++) {
        *line = *line < ' ' || *line > '~' ? '?' : *line;
    }
}

xi_err config_refuse(const struct config_reader *reader, fdt_node node, const char *property, const char *rule, ...)
{
    char path[CONFIG_MAX_PATH];
    va_list arguments;
    size_t at = xi_snprintf(reader->why->line, sizeof(reader->why->line), "%s%s%s%s: %s: ",
                            reader->of == NULL ? "" : "/chosen/", reader->of == NULL ? "" : reader->of,
                            reader->of == NULL ? "" : ": ",
                            node == FDT_NONE ? "device tree" : fdt_path(&reader->fdt, node, path, sizeof(path)),
                            property);

    if (at < sizeof(reader->why->line)) {
        va_start(arguments, rule);
        xi_vsnprintf(reader->why->line + at, sizeof(reader->why->line) - at, rule, arguments);
        va_end(arguments);
    }
    make_printable(reader->why->line);
    return XI_ERR_SYNTAX;
}

void config_keep_path(const struct config_reader *reader, fdt_node node, char to[CONFIG_MAX_PATH])
{
    (void)fdt_path(&reader->fdt, node, to, CONFIG_MAX_PATH);
    make_printable(to);
}

xi_err config_read_ranges(const struct config_reader *reader, fdt_node node, const char *name,
                          struct fdt_cells cells, struct pa_range *to, uint32_t *count)
{
    struct fdt_property property;

    if (!fdt_property(&reader->fdt, node, name, &property)) {
        return XI_OK;
    }
    uint32_t pairs = fdt_pair_count(&property, cells);
    if (pairs == 0 || pairs * 4 * (cells.address + cells.size) != property.size) {
        return config_refuse(reader, node, name, "not a list of addresses and sizes of %u and %u cells", cells.address,
                             cells.size);
    }
    for (uint32_t i = 0; i < pairs; i++) {
        uint64_t start, size;
        if (!fdt_pair(&property, cells, i, &start, &size) || size == 0 || !range_fits(start, size, 1ull << 48)) {
            return config_refuse(reader, node, name, "entry %u is empty or beyond 48 bits", i);
        }
        if (*count == CONFIG_MAX_BANKS) {
            return config_refuse(reader, node, name, "more than %u ranges in all", CONFIG_MAX_BANKS);
        }
        to[(*count)++] = (struct pa_range){{start}, size};
    }
    return XI_OK;
}

static xi_err read_heap(struct config_reader *reader, fdt_node chosen)
{
    struct system_config *config = reader->config;
    /* The cells of the parent, as booting.txt has it. */
    xi_err err = config_read_ranges(reader, chosen, "xen,static-heap", fdt_cells(&reader->fdt, fdt_root(&reader->fdt)),
                                    config->heap, &config->heap_count);

    for (uint32_t i = 0; i < config->heap_count && err == XI_OK; i++) {
        if (!xi_is_aligned(config->heap[i].start.pa | config->heap[i].size, HEAP_ALIGN)) {
            err = config_refuse(reader, chosen, "xen,static-heap", "not aligned to 64 KiB");
        }
    }
    return err;
}

/* One range that somebody claims. */
struct claim {
    struct pa_range range;
    const char *what;
    const char *of;   /* a domain's name, or NULL */
    bool placed;      /* by the configuration: must not be reserved memory */
    bool read;        /* through the mapping of RAM, so it must lie there; so must what is placed */
};

#define MAX_CLAIMS (3 * CONFIG_MAX_BANKS + CONFIG_MAX_MODULES + CONFIG_MAX_SHARES + 2)

static void add_claim(struct claim *claims, uint32_t *count, struct claim claim)
{
    if (claim.range.size != 0) {
        claims[(*count)++] = claim;
    }
}

/* What is inside the image is claimed with it. */
static void add_module(const struct image *image, struct claim *claims, uint32_t *count, struct claim claim)
{
    if (!pa_range_contains(image->range, claim.range)) {
        add_claim(claims, count, claim);
    }
}

static uint32_t collect_claims(const struct config_reader *reader, struct claim *claims)
{
    const struct system_config *c = reader->config;
    uint32_t count = 0;

    add_claim(claims, &count, (struct claim){reader->image->range, "the image", NULL, false, reader->image->linked});
    if (!reader->image->linked) {
        add_claim(claims, &count, (struct claim){c->dtb, "the device tree", NULL, false, false});
    }
    for (uint32_t i = 0; i < c->heap_count; i++) {
        add_claim(claims, &count, (struct claim){c->heap[i], "the static heap", NULL, true, false});
    }
    for (uint32_t i = 0; i < c->share_count; i++) {
        if (!c->shares[i].placed) {
            continue;
        }
        add_claim(claims, &count, (struct claim){c->shares[i].machine, "shared memory", c->shares[i].id, true, false});
    }
    for (uint32_t i = 0; i < c->domain_count; i++) {
        const struct domain_config *d = &c->domains[i];
        for (uint32_t b = 0; b < d->bank_count; b++) {
            add_claim(claims, &count,
                      (struct claim){c->static_banks[d->bank_first + b], "a static bank", d->name, true, false});
        }
        add_module(reader->image, claims, &count, (struct claim){d->kernel.file, "the kernel", d->name, false, true});
        add_module(reader->image, claims, &count, (struct claim){d->ramdisk.file, "the ramdisk", d->name, false, true});
        add_module(reader->image, claims, &count,
                   (struct claim){d->devices.file, "the partial device tree", d->name, false, true});
    }
    return count;
}

/* Insertion by start: a handful of ranges as a rule, a few hundred at most. */
static void sort_claims(struct claim *claims, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        struct claim claim = claims[i];
        uint32_t at = i;
        for (; at > 0 && claims[at - 1].range.start.pa > claim.range.start.pa; at--) {
            claims[at] = claims[at - 1];
        }
        claims[at] = claim;
    }
}

static bool same_file(const struct claim *a, const struct claim *b)
{
    return a->read && b->read && a->of != NULL && b->of != NULL && a->range.start.pa == b->range.start.pa &&
           a->range.size == b->range.size;
}

static xi_err refuse_overlap(const struct config_reader *reader, const struct claim *a, const struct claim *b)
{
    return config_refuse(reader, FDT_NONE, "memory", "%s%s%s at 0x%llx and %s%s%s at 0x%llx overlap", a->what,
                         a->of == NULL ? "" : " of ", a->of == NULL ? "" : a->of,
                         (unsigned long long)a->range.start.pa, b->what, b->of == NULL ? "" : " of ",
                         b->of == NULL ? "" : b->of, (unsigned long long)b->range.start.pa);
}

static bool in_ram(const struct config_machine *machine, struct pa_range range)
{
    /* Banks of RAM that touch count as one. */
    for (uint32_t tries = 0; tries <= machine->memory_count && range.size != 0; tries++) {
        for (uint32_t i = 0; i < machine->memory_count; i++) {
            struct pa_range bank = machine->memory[i];
            if (range_contains(bank.start.pa, bank.size, range.start.pa, 1)) {
                uint64_t part = bank.size - (range.start.pa - bank.start.pa);
                part = part < range.size ? part : range.size;
                range.start.pa += part;
                range.size -= part;
                break;
            }
        }
    }
    return range.size == 0;
}

static bool touches_ram(const struct config_machine *machine, struct pa_range range)
{
    for (uint32_t i = 0; i < machine->memory_count; i++) {
        if (pa_range_overlaps(machine->memory[i], range)) {
            return true;
        }
    }
    return false;
}

/* Guests would be given the registers that the core drives. */
static xi_err check_devices(const struct config_reader *reader)
{
    const struct config_machine *machine = &reader->config->machine;
    const struct config_gic *gic = &machine->gic;
    const struct {
        const char *what;
        struct pa_range range;
    } devices[] = {
        {"the console port", machine->uart.registers},
        {"the distributor", gic->distributor},
        {"the CPU interface", gic->cpu_interface},
        {"the hypervisor interface", gic->hyp_interface},
        {"the virtual CPU interface", gic->vcpu_interface},
    };

    for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
        if (touches_ram(machine, devices[i].range)) {
            return config_refuse(reader, FDT_NONE, "memory", "%s at 0x%llx is in RAM", devices[i].what,
                                 (unsigned long long)devices[i].range.start.pa);
        }
    }
    for (uint32_t i = 0; i < gic->redistributor_count; i++) {
        if (touches_ram(machine, gic->redistributors[i])) {
            return config_refuse(reader, FDT_NONE, "memory", "redistributor region %u at 0x%llx is in RAM", i,
                                 (unsigned long long)gic->redistributors[i].start.pa);
        }
    }
    return XI_OK;
}

static xi_err check_claims(const struct config_reader *reader)
{
    static struct claim claims[MAX_CLAIMS];
    const struct config_machine *machine = &reader->config->machine;
    uint32_t count = collect_claims(reader, claims);

    sort_claims(claims, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct claim *claim = &claims[i];
        if ((claim->placed || claim->read) && !in_ram(machine, claim->range)) {
            return config_refuse(reader, FDT_NONE, "memory", "%s%s%s at 0x%llx is not in RAM", claim->what,
                                 claim->of == NULL ? "" : " of ", claim->of == NULL ? "" : claim->of,
                                 (unsigned long long)claim->range.start.pa);
        }
        for (uint32_t r = 0; r < machine->reserved_count && claim->placed; r++) {
            if (pa_range_overlaps(claim->range, machine->reserved[r])) {
                struct claim reserved = {machine->reserved[r], "reserved memory", NULL, false, false};
                return refuse_overlap(reader, claim, &reserved);
            }
        }
        if (i != 0 && pa_range_overlaps(claims[i - 1].range, claim->range) && !same_file(&claims[i - 1], claim)) {
            return refuse_overlap(reader, &claims[i - 1], claim);
        }
    }
    return XI_OK;
}

xi_err config_open(struct config_reader *reader, const void *blob, size_t limit)
{
    xi_err err = fdt_open(blob, limit, &reader->fdt);

    if (err != XI_OK) {
        return config_refuse(reader, FDT_NONE, "header", "%s", xi_err_text(err));
    }
    return XI_OK;
}

xi_err config_read_memory(const void *blob, size_t limit, struct config_machine *machine, struct config_error *why)
{
    struct config_reader reader = {.why = why};
    xi_err err = config_open(&reader, blob, limit);

    if (err == XI_OK) {
        err = config_check_cells(&reader);
    }
    return err == XI_OK ? config_read_ram(&reader, machine) : err;
}

xi_err config_read(const void *blob, size_t limit, const struct image *image, pa_t dtb, uint64_t boot_mpidr,
                   struct system_config *config, struct config_error *why)
{
    struct config_reader reader = {.image = image, .boot_mpidr = boot_mpidr, .config = config, .why = why};
    xi_err err = config_open(&reader, blob, limit);

    if (err != XI_OK) {
        return err;
    }
    memset(config, 0, sizeof(*config));
    if (!image->linked) {
        config->dtb = (struct pa_range){dtb, reader.fdt.size};
    }
    reader.module_count = 2; /* the core and the device tree, as Xen counts */
    fdt_node chosen = fdt_find(&reader.fdt, "/chosen");
    if (chosen != FDT_NONE) {
        err = config_read_bootargs(&reader, chosen, "xen,xen-bootargs", config->bootargs);
        config->has_rollback = fdt_has(&reader.fdt, chosen, "xenimg,rollback-index");
        if (err == XI_OK && config->has_rollback &&
            !fdt_u32(&reader.fdt, chosen, "xenimg,rollback-index", &config->rollback)) {
            err = config_refuse(&reader, chosen, "xenimg,rollback-index", "not one cell");
        }
    }
    config_read_uart(&reader);
    if (chosen == FDT_NONE) {
        return config_refuse(&reader, FDT_NONE, "/chosen", "missing");
    }
    if (err == XI_OK) {
        err = config_check_names(&reader);
    }
    if (err == XI_OK) {
        err = config_check_cells(&reader);
    }
    if (err == XI_OK) {
        err = config_read_machine(&reader);
    }
    if (err == XI_OK) {
        err = read_heap(&reader, chosen);
    }
    if (err == XI_OK) {
        err = config_read_pools(&reader, chosen);
    }
    if (err == XI_OK) {
        err = config_read_store(&reader, chosen);
    }
    if (err == XI_OK) {
        err = config_read_domains(&reader, chosen);
    }
    if (err == XI_OK) {
        err = config_read_pairs(&reader, chosen);
    }
    if (err == XI_OK) {
        err = config_check_schedulers(&reader);
    }
    if (err == XI_OK) {
        err = config_read_schedules(&reader);
    }
    if (err == XI_OK) {
        err = config_read_channels(&reader, chosen);
    }
    if (err == XI_OK) {
        err = check_devices(&reader);
    }
    return err == XI_OK ? check_claims(&reader) : err;
}

static xi_err set_aside_all(const struct pa_range *ranges, uint32_t count, struct page_heap *heap)
{
    xi_err err = XI_OK;

    for (uint32_t i = 0; i < count && err == XI_OK; i++) {
        err = pages_set_aside(heap, ranges[i]);
    }
    return err;
}

xi_err config_fill_heap(const struct system_config *config, const struct image *image, uint32_t address_bits,
                        struct page_heap *heap)
{
    const struct config_machine *machine = &config->machine;
    bool given = config->heap_count != 0;
    const struct pa_range *from = given ? config->heap : machine->memory;
    uint32_t count = given ? config->heap_count : machine->memory_count;
    xi_err err = XI_OK;

    pages_init(heap);
    for (uint32_t i = 0; i < count && err == XI_OK; i++) {
        err = pages_add(heap, from[i]);
    }
    const struct pa_range beyond = {{1ull << address_bits}, (1ull << 52) - (1ull << address_bits)};
    const struct pa_range fixed[] = {image->range, config->dtb, beyond};
    if (err == XI_OK) {
        err = set_aside_all(fixed, 3, heap);
    }
    if (err == XI_OK) {
        err = set_aside_all(machine->reserved, machine->reserved_count, heap);
    }
    if (err == XI_OK) {
        err = set_aside_all(config->static_banks, config->static_bank_count, heap);
    }
    for (uint32_t i = 0; i < config->share_count && err == XI_OK; i++) {
        err = config->shares[i].placed ? pages_set_aside(heap, config->shares[i].machine) : XI_OK;
    }
    for (uint32_t i = 0; i < config->domain_count && err == XI_OK; i++) {
        const struct domain_config *d = &config->domains[i];
        const struct pa_range files[] = {d->kernel.file, d->ramdisk.file, d->devices.file};
        err = set_aside_all(files, 3, heap);
    }
    return err;
}
