/* SPDX-License-Identifier: Apache-2.0 */
/* The machine, as the board's own nodes describe it. */
#include <stddef.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/string.h>

#include "config_reader.h"

#define MPIDR_AFFINITY (XI_FIELD(0, 24) | XI_FIELD(32, 8))

/* Two pages: GICC_DIR is in the second one (Arm IHI 0048B, 4.1.3). A machine that can have pages of 64 KiB repeats
 * each of them throughout 64 KiB, because address lines 15 to 12 are not wired: the ZynqMP is one. */
#define GICC_SIZE 0x2000u
#define GICH_SIZE 0x200u    /* Arm IHI 0048B: GICH_LR63 is the last register */
#define GIC_FRAME 0x10000u  /* GICv3: the distributor has one, a redistributor two at least (Arm IHI 0069) */
#define ALIASED_GICC_SIZE (GICC_SIZE * CONFIG_GIC_ALIASES)

static bool is_of_type(const struct fdt *fdt, fdt_node node, const char *type)
{
    const char *found = fdt_string(fdt, node, "device_type");

    return found != NULL && strcmp(found, type) == 0;
}

static xi_err add_range(const struct config_reader *reader, fdt_node node, struct pa_range *to, uint32_t *count,
                        uint64_t start, uint64_t size)
{
    if (size == 0) {
        return XI_OK;
    }
    if (*count == CONFIG_MAX_BANKS) {
        return config_refuse(reader, node, "reg", "more than %u ranges in all", CONFIG_MAX_BANKS);
    }
    if (!range_fits(start, size, 1ull << 48)) {
        return config_refuse(reader, node, "reg", "beyond 48 bits");
    }
    to[(*count)++] = (struct pa_range){{start}, size};
    return XI_OK;
}

/* Every reg of a node. */
static xi_err add_regs(const struct config_reader *reader, fdt_node node, struct pa_range *to, uint32_t *count)
{
    uint64_t start, size;

    for (uint32_t i = 0;; i++) {
        xi_err err = fdt_reg(&reader->fdt, node, i, &start, &size);
        if (err == XI_ERR_NOT_FOUND) {
            return XI_OK;
        }
        err = err == XI_OK ? add_range(reader, node, to, count, start, size)
                           : config_refuse(reader, node, "reg", "not an address of the machine");
        if (err != XI_OK) {
            return err;
        }
    }
}

/* As the root's addresses: for a /reserved-memory that lacks its empty `ranges`, which Xen does not look at. */
static xi_err add_untranslated(const struct config_reader *reader, fdt_node node, fdt_node parent, struct pa_range *to,
                               uint32_t *count)
{
    struct fdt_property reg;
    uint64_t start, size;
    struct fdt_cells cells = fdt_cells(&reader->fdt, parent);

    if (!fdt_property(&reader->fdt, node, "reg", &reg)) {
        return XI_OK;
    }
    for (uint32_t i = 0; fdt_pair(&reg, cells, i, &start, &size); i++) {
        xi_err err = add_range(reader, node, to, count, start, size);
        if (err != XI_OK) {
            return err;
        }
    }
    return XI_OK;
}

static xi_err read_reserved(const struct config_reader *reader, struct config_machine *machine)
{
    const struct fdt *fdt = &reader->fdt;
    uint64_t start, size;

    machine->reserved_count = 0;
    for (uint32_t i = 0; fdt_reservation(fdt, i, &start, &size); i++) {
        xi_err err = add_range(reader, fdt_root(fdt), machine->reserved, &machine->reserved_count, start, size);
        if (err != XI_OK) {
            return err;
        }
    }
    fdt_node parent = fdt_find(fdt, "/reserved-memory");
    fdt_node node = parent == FDT_NONE ? FDT_NONE : fdt_first_child(fdt, parent);
    bool translated = parent != FDT_NONE && fdt_has(fdt, parent, "ranges");
    for (; node != FDT_NONE; node = fdt_next_sibling(fdt, node)) {
        if (!fdt_is_available(fdt, node)) {
            continue;
        }
        xi_err err = translated
                         ? add_regs(reader, node, machine->reserved, &machine->reserved_count)
                         : add_untranslated(reader, node, parent, machine->reserved, &machine->reserved_count);
        if (err != XI_OK) {
            return err;
        }
    }
    return XI_OK;
}

/* What is in two nodes would be given out twice. */
static xi_err check_ram(const struct config_reader *reader, const struct config_machine *machine)
{
    for (uint32_t i = 1; i < machine->memory_count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (pa_range_overlaps(machine->memory[i], machine->memory[j])) {
                return config_refuse(reader, fdt_root(&reader->fdt), "memory", "RAM at 0x%llx and at 0x%llx overlaps",
                                     (unsigned long long)machine->memory[j].start.pa,
                                     (unsigned long long)machine->memory[i].start.pa);
            }
        }
    }
    return XI_OK;
}

xi_err config_read_ram(const struct config_reader *reader, struct config_machine *machine)
{
    const struct fdt *fdt = &reader->fdt;
    fdt_node root = fdt_root(fdt);

    machine->memory_count = 0;
    for (fdt_node node = fdt_first_child(fdt, root); node != FDT_NONE; node = fdt_next_sibling(fdt, node)) {
        if (!is_of_type(fdt, node, "memory") || !fdt_is_available(fdt, node)) {
            continue;
        }
        xi_err err = add_regs(reader, node, machine->memory, &machine->memory_count);
        if (err != XI_OK) {
            return err;
        }
    }
    if (machine->memory_count == 0) {
        return config_refuse(reader, root, "memory", "no node with device_type \"memory\" has RAM");
    }
    xi_err err = check_ram(reader, machine);
    return err == XI_OK ? read_reserved(reader, machine) : err;
}

static bool cpu_id(const struct config_reader *reader, fdt_node cpus, fdt_node node, uint64_t *mpidr)
{
    struct fdt_property reg;
    uint32_t cells = fdt_cells(&reader->fdt, cpus).address;

    if (!fdt_property(&reader->fdt, node, "reg", &reg) || (cells != 1 && cells != 2) || reg.size != 4 * cells) {
        return false;
    }
    *mpidr = cells == 1 ? xi_read_be32(reg.value) : xi_read_be64(reg.value);
    return (*mpidr & ~MPIDR_AFFINITY) == 0;
}

static void note_compatible(const struct config_reader *reader, fdt_node node)
{
    struct config_machine *machine = &reader->config->machine;
    struct fdt_property compatible;

    if (fdt_property(&reader->fdt, node, "compatible", &compatible) && compatible.size <= CONFIG_MAX_COMPATIBLE) {
        memcpy(machine->cpu_compatible, compatible.value, compatible.size);
        machine->cpu_compatible_size = compatible.size;
    }
}

static xi_err add_cpu(struct config_reader *reader, fdt_node node, uint64_t mpidr)
{
    struct config_machine *machine = &reader->config->machine;
    bool boot = mpidr == (reader->boot_mpidr & MPIDR_AFFINITY);
    /* Place 0 is kept for the boot CPU. */
    uint32_t index = boot ? 0 : machine->cpu_count == 0 ? 1 : machine->cpu_count;

    for (uint32_t i = 0; i < machine->cpu_count; i++) {
        if (machine->cpus[i].mpidr == mpidr) {
            return config_refuse(reader, node, "reg", "another CPU has the same id");
        }
    }
    if (index == CONFIG_MAX_CPUS) {
        machine->cpus_left_out++;
        return XI_OK;
    }
    machine->cpus[index].mpidr = mpidr;
    if (boot) {
        note_compatible(reader, node);
    }
    machine->cpu_count = index + 1 > machine->cpu_count ? index + 1 : machine->cpu_count;
    return config_read_phandle(reader, node, &reader->cpu_phandles[index]);
}

static xi_err read_cpus(struct config_reader *reader)
{
    const struct fdt *fdt = &reader->fdt;
    struct config_machine *machine = &reader->config->machine;
    fdt_node cpus = fdt_find(fdt, "/cpus");

    if (cpus == FDT_NONE) {
        return config_refuse(reader, fdt_root(fdt), "cpus", "missing");
    }
    machine->cpus[0].mpidr = UINT64_MAX;
    for (fdt_node node = fdt_first_child(fdt, cpus); node != FDT_NONE; node = fdt_next_sibling(fdt, node)) {
        uint64_t mpidr;
        if (!is_of_type(fdt, node, "cpu") || !fdt_is_available(fdt, node)) {
            continue;
        }
        if (!cpu_id(reader, cpus, node, &mpidr)) {
            return config_refuse(reader, node, "reg", "not the id of a CPU");
        }
        xi_err err = add_cpu(reader, node, mpidr);
        if (err != XI_OK) {
            return err;
        }
    }
    if (machine->cpus[0].mpidr == UINT64_MAX) {
        return config_refuse(reader, cpus, "reg", "no node has the boot CPU's id");
    }
    return XI_OK;
}

static void read_firmware(struct config_reader *reader)
{
    static const char *const names[] = {"arm,psci-1.0", "arm,psci-0.2", "arm,psci"};
    fdt_node node = FDT_NONE;

    for (uint32_t i = 0; i < 3 && node == FDT_NONE; i++) {
        node = fdt_next_compatible(&reader->fdt, FDT_NONE, names[i]);
    }
    const char *method = node == FDT_NONE ? NULL : fdt_string(&reader->fdt, node, "method");
    struct config_machine *machine = &reader->config->machine;
    machine->psci_hvc = method != NULL && strcmp(method, "hvc") == 0;
    machine->psci = machine->psci_hvc || (method != NULL && strcmp(method, "smc") == 0);
}

bool config_reg(const struct config_reader *reader, fdt_node node, uint32_t index, struct pa_range *range)
{
    uint64_t start, size;

    if (fdt_reg(&reader->fdt, node, index, &start, &size) != XI_OK || size == 0 ||
        !range_fits(start, size, 1ull << 48)) {
        return false;
    }
    *range = (struct pa_range){{start}, size};
    return true;
}

static xi_err read_gic_v3(struct config_reader *reader, fdt_node node)
{
    struct config_gic *gic = &reader->config->machine.gic;
    struct fdt_property stride;
    uint32_t regions = 1;

    (void)fdt_u32(&reader->fdt, node, "#redistributor-regions", &regions);
    if (regions == 0 || regions > CONFIG_MAX_REDISTRIBUTORS) {
        return config_refuse(reader, node, "#redistributor-regions", "not 1 to %u", CONFIG_MAX_REDISTRIBUTORS);
    }
    if (fdt_property(&reader->fdt, node, "redistributor-stride", &stride)) {
        gic->redistributor_stride = stride.size == 8   ? xi_read_be64(stride.value)
                                    : stride.size == 4 ? xi_read_be32(stride.value)
                                                       : 0;
    }
    if (gic->distributor.size < GIC_FRAME) {
        return config_refuse(reader, node, "reg", "a distributor of less than %u KiB", GIC_FRAME / 1024);
    }
    for (uint32_t i = 0; i < regions; i++) {
        if (!config_reg(reader, node, 1 + i, &gic->redistributors[i])) {
            return config_refuse(reader, node, "reg", "lacks redistributor region %u", i);
        }
        if (gic->redistributors[i].size < 2 * GIC_FRAME || !xi_is_aligned(gic->redistributors[i].start.pa, GIC_FRAME)) {
            return config_refuse(reader, node, "reg", "redistributor region %u is not made of frames of 64 KiB", i);
        }
    }
    gic->redistributor_count = regions;
    gic->version = 3;
    return XI_OK;
}

static xi_err read_gic_v2(struct config_reader *reader, fdt_node node)
{
    struct config_gic *gic = &reader->config->machine.gic;

    if (!config_reg(reader, node, 1, &gic->cpu_interface) || !config_reg(reader, node, 2, &gic->hyp_interface) ||
        !config_reg(reader, node, 3, &gic->vcpu_interface)) {
        return config_refuse(reader, node, "reg", "lacks the CPU, hypervisor or virtual CPU interface");
    }
    if (gic->cpu_interface.size < GICC_SIZE || gic->vcpu_interface.size < GICC_SIZE) {
        return config_refuse(reader, node, "reg", "a CPU interface of less than %u KiB", GICC_SIZE / 1024);
    }
    if (gic->distributor.size < XI_PAGE || gic->hyp_interface.size < GICH_SIZE) {
        return config_refuse(reader, node, "reg", "a distributor or hypervisor interface without all of its registers");
    }
    if (!xi_is_aligned(gic->vcpu_interface.start.pa, XI_PAGE)) {
        return config_refuse(reader, node, "reg", "a virtual CPU interface that begins within a page");
    }
    if (!xi_is_aligned(gic->cpu_interface.start.pa | gic->hyp_interface.start.pa, XI_PAGE)) {
        return config_refuse(reader, node, "reg", "a CPU or hypervisor interface that begins within a page");
    }
    gic->aliased = gic->cpu_interface.size == ALIASED_GICC_SIZE;
    if ((gic->vcpu_interface.size == ALIASED_GICC_SIZE) != gic->aliased) {
        return config_refuse(reader, node, "reg", "one CPU interface has aliases and the other has not");
    }
    gic->version = 2;
    return XI_OK;
}

fdt_node config_find_gic(const struct fdt *fdt)
{
    static const char *const kinds[] = {"arm,gic-v3", "arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a7-gic",
                                        "arm,cortex-a9-gic"};
    fdt_node node = FDT_NONE;

    for (uint32_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && node == FDT_NONE; i++) {
        node = fdt_next_compatible(fdt, FDT_NONE, kinds[i]);
    }
    return node;
}

static xi_err read_gic(struct config_reader *reader)
{
    const struct fdt *fdt = &reader->fdt;
    fdt_node node = config_find_gic(fdt);
    bool is_v3 = node != FDT_NONE && fdt_is_compatible(fdt, node, "arm,gic-v3");

    if (node == FDT_NONE) {
        return config_refuse(reader, fdt_root(fdt), "interrupt-controller", "no GICv2 or GICv3");
    }
    config_keep_path(reader, node, reader->config->machine.gic.path);
    const struct pa_range *distributor = &reader->config->machine.gic.distributor;
    if (!config_reg(reader, node, 0, &reader->config->machine.gic.distributor)) {
        return config_refuse(reader, node, "reg", "lacks the distributor");
    }
    if (!xi_is_aligned(distributor->start.pa, XI_PAGE)) {
        return config_refuse(reader, node, "reg", "a distributor that begins within a page");
    }
    return is_v3 ? read_gic_v3(reader, node) : read_gic_v2(reader, node);
}

xi_err config_read_machine(struct config_reader *reader)
{
    xi_err err = config_read_ram(reader, &reader->config->machine);

    if (err == XI_OK) {
        err = read_cpus(reader);
    }
    if (err == XI_OK) {
        err = read_gic(reader);
    }
    read_firmware(reader);
    return err;
}

static bool has(const struct pa_range *ranges, uint32_t count, pa_t at)
{
    for (uint32_t i = 0; i < count; i++) {
        if (pa_range_contains(ranges[i], (struct pa_range){at, 1})) {
            return true;
        }
    }
    return false;
}

const char *config_who_has(const struct config_machine *machine, pa_t at)
{
    const struct config_gic *gic = &machine->gic;
    const struct pa_range parts[] = {gic->distributor, gic->cpu_interface, gic->hyp_interface, gic->vcpu_interface};

    if (has(parts, sizeof(parts) / sizeof(parts[0]), at) || has(gic->redistributors, gic->redistributor_count, at)) {
        return gic->path;
    }
    if (has(&machine->uart.registers, 1, at)) {
        return machine->uart.path;
    }
    return has(machine->memory, machine->memory_count, at) ? "/memory" : "device tree";
}
