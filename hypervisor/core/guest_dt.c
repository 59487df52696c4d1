/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

#include <xi/bits.h>
#include <xi/fdt_write.h>
#include <xi/guest_dt.h>
#include <xi/stage2.h>

#include "guest_dt_devices.h"

/* Interrupt specifiers of the GIC binding: kind, number within the kind, trigger and CPU mask. */
#define SPI 0u
#define PPI 1u
#define LEVEL_LOW 0xf08u
#define LEVEL_HIGH 0xf04u
#define FIRST_PPI 16u
#define FIRST_SPI 32u
enum { PPI_SECURE_TIMER = 13, PPI_PHYSICAL_TIMER = 14, PPI_VIRTUAL_TIMER = 11 };

#define UART_SPEED 115200u
#define PSCI_0_1_CPU_OFF 1u
#define PSCI_0_1_CPU_ON 2u
#define VCPUS_PER_CLUSTER 16u /* bits of an SGI's target list */

static void chosen(struct fdt_writer *w, const struct domain_config *domain, const struct guest_places *places)
{
    fdt_write_node(w, "chosen");
    if (domain->bootargs[0] != '\0') {
        fdt_write_string(w, "bootargs", domain->bootargs);
    }
    if (places->ramdisk.size != 0) {
        uint64_t start = places->ramdisk.start.ipa, end = start + places->ramdisk.size;
        fdt_write_u64s(w, "linux,initrd-start", &start, 1);
        fdt_write_u64s(w, "linux,initrd-end", &end, 1);
    }
    fdt_write_end_node(w);
}

static void psci(struct fdt_writer *w)
{
    static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2\0arm,psci";

    fdt_write_node(w, "psci");
    fdt_write_property(w, "compatible", compatible, sizeof(compatible));
    fdt_write_string(w, "method", "hvc");
    fdt_write_u32(w, "cpu_off", PSCI_0_1_CPU_OFF);
    fdt_write_u32(w, "cpu_on", PSCI_0_1_CPU_ON);
    fdt_write_end_node(w);
}

static void cpus(struct fdt_writer *w, const struct config_machine *machine, uint32_t count)
{
    fdt_write_node(w, "cpus");
    fdt_write_u32(w, "#address-cells", 1);
    fdt_write_u32(w, "#size-cells", 0);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t affinity = i % VCPUS_PER_CLUSTER | i / VCPUS_PER_CLUSTER << 8;
        fdt_write_node_at(w, "cpu", affinity);
        fdt_write_property(w, "compatible", machine->cpu_compatible, machine->cpu_compatible_size);
        fdt_write_string(w, "device_type", "cpu");
        fdt_write_u32(w, "reg", affinity);
        fdt_write_string(w, "enable-method", "psci");
        fdt_write_end_node(w);
    }
    fdt_write_end_node(w);
}

static void reg(struct fdt_writer *w, const struct ipa_range *ranges, uint32_t count)
{
    _Static_assert(sizeof(*ranges) == 2 * sizeof(uint64_t), "a range is its address and its size");

    fdt_write_u64s(w, "reg", &ranges->start.ipa, 2 * (size_t)count);
}

static void memory(struct fdt_writer *w, const struct guest_map *map)
{
    fdt_write_node_at(w, "memory", map->ram[0].start.ipa);
    fdt_write_string(w, "device_type", "memory");
    reg(w, map->ram, map->ram_count);
    fdt_write_end_node(w);
}

/* xen,shared-memory.txt of Linux' reserved-memory bindings; as Xen 4.17 writes it. */
static void shared_memory(struct fdt_writer *w, const struct domain_config *domain, const struct guest_map *map)
{
    if (map->view_count == 0) {
        return;
    }
    fdt_write_node(w, "reserved-memory");
    fdt_write_u32(w, "#address-cells", 2);
    fdt_write_u32(w, "#size-cells", 2);
    fdt_write_property(w, "ranges", NULL, 0);
    for (uint32_t i = 0; i < map->view_count; i++) {
        const struct ipa_range range = {map->views[i].guest, map->views[i].size};
        fdt_write_node_at(w, "xen-shmem", range.start.ipa);
        fdt_write_string(w, "compatible", "xen,shared-memory-v1");
        reg(w, &range, 1);
        fdt_write_string(w, "xen,id", domain->views[i].share->id);
        fdt_write_end_node(w);
    }
    fdt_write_end_node(w);
}

static void interrupt_controller(struct fdt_writer *w, const struct guest_map *map, uint32_t phandle)
{
    struct ipa_range ranges[1 + CONFIG_MAX_REDISTRIBUTORS] = {map->distributor};
    uint32_t count = 1;

    if (map->gic_version == 3) {
        for (uint32_t i = 0; i < map->redistributor_count; i++) {
            ranges[count++] = map->redistributors[i];
        }
    } else {
        ranges[count++] = map->cpu_interface;
    }
    fdt_write_node_at(w, "interrupt-controller", map->distributor.start.ipa);
    fdt_write_u32(w, "#address-cells", 0);
    fdt_write_u32(w, "#interrupt-cells", 3);
    fdt_write_property(w, "interrupt-controller", NULL, 0);
    fdt_write_string(w, "compatible", map->gic_version == 3 ? "arm,gic-v3" : "arm,gic-400");
    reg(w, ranges, count);
    if (map->gic_version == 3 && map->redistributor_count > 1) {
        fdt_write_u32(w, "#redistributor-regions", map->redistributor_count);
    }
    fdt_write_u32(w, "linux,phandle", phandle);
    fdt_write_u32(w, "phandle", phandle);
    fdt_write_end_node(w);
}

static void timer(struct fdt_writer *w, uint32_t gic)
{
    static const uint32_t interrupts[] = {PPI, PPI_SECURE_TIMER,  LEVEL_LOW, PPI, PPI_PHYSICAL_TIMER, LEVEL_LOW,
                                          PPI, PPI_VIRTUAL_TIMER, LEVEL_LOW};

    fdt_write_node(w, "timer");
    fdt_write_string(w, "compatible", "arm,armv8-timer");
    fdt_write_cells(w, "interrupts", interrupts, sizeof(interrupts) / sizeof(interrupts[0]));
    fdt_write_u32(w, "interrupt-parent", gic);
    fdt_write_end_node(w);
}

static void uart(struct fdt_writer *w, const struct guest_map *map, uint32_t gic)
{
    const uint32_t interrupt[] = {SPI, map->uart_intid - FIRST_SPI, LEVEL_HIGH};

    fdt_write_node_at(w, "sbsa-uart", map->uart.start.ipa);
    fdt_write_string(w, "compatible", "arm,sbsa-uart");
    reg(w, &map->uart, 1);
    fdt_write_cells(w, "interrupts", interrupt, 3);
    fdt_write_u32(w, "interrupt-parent", gic);
    fdt_write_u32(w, "current-speed", UART_SPEED);
    fdt_write_end_node(w);
}

/* What the banks leave at the end of a window of guest RAM, in whole blocks and below the first assigned device there:
 * free for mapping other domains' pages. */
static struct ipa_range rest_of(const struct domain_config *domain, const struct guest_map *map, uint64_t start,
                                uint64_t size)
{
    uint64_t free = start, reach = 1ull << stage2_address_bits();
    uint64_t limit = start + size < reach ? start + size : reach;

    for (uint32_t i = 0; i < domain->region_count; i++) {
        const struct config_region *region = &domain->regions[i];
        uint64_t device = xi_align_down(region->guest.ipa, XI_BLOCK);
        if (range_overlaps(start, limit - start, region->guest.ipa, region->machine.size)) {
            limit = device > start ? device : start;
        }
    }

    for (uint32_t i = 0; i < map->ram_count; i++) {
        uint64_t end = map->ram[i].start.ipa + map->ram[i].size;
        if (end > free && end <= start + size) {
            free = xi_align_up(end, XI_BLOCK);
        }
    }
    return (struct ipa_range){{free}, free < limit ? limit - free : 0};
}

/* A direct-mapped domain sees the machine's devices between its banks: no address is known to be free there. */
static void hypervisor(struct fdt_writer *w, const struct domain_config *domain, const struct guest_map *map,
                       uint32_t gic)
{
    static const char compatible[] = "xen,xen-4.17\0xen,xen";
    static const uint32_t interrupt[] = {PPI, GUEST_EVENT_INTID - FIRST_PPI, LEVEL_LOW};
    const struct ipa_range windows[] = {
        {{GUEST_GRANTS_START}, GUEST_GRANTS_SIZE},
        rest_of(domain, map, GUEST_RAM0_START, GUEST_RAM0_SIZE),
        rest_of(domain, map, GUEST_RAM1_START, GUEST_RAM1_SIZE),
    };
    struct ipa_range regions[3];
    uint32_t count = 0;

    for (uint32_t i = 0; i < (domain->direct_map ? 1u : 3u); i++) {
        if (windows[i].size != 0) {
            regions[count++] = windows[i];
        }
    }
    fdt_write_node(w, "hypervisor");
    fdt_write_property(w, "compatible", compatible, sizeof(compatible));
    reg(w, regions, count);
    fdt_write_cells(w, "interrupts", interrupt, 3);
    fdt_write_u32(w, "interrupt-parent", gic);
    fdt_write_end_node(w);
}

xi_err guest_dt_make(void *buffer, size_t capacity, const struct guest_dt_parts *parts, size_t *size)
{
    const struct domain_config *domain = parts->domain;
    const uint32_t gic = guest_dt_gic_phandle(parts->devices);
    struct fdt_writer w;

    fdt_write_begin(&w, buffer, capacity);
    fdt_write_node(&w, "");
    fdt_write_u32(&w, "#address-cells", 2);
    fdt_write_u32(&w, "#size-cells", 2);
    chosen(&w, domain, parts->places);
    psci(&w);
    cpus(&w, parts->machine, domain->cpus);
    memory(&w, parts->map);
    shared_memory(&w, domain, parts->map);
    if (parts->devices != NULL) {
        guest_dt_copy_devices(&w, parts->devices);
    }
    interrupt_controller(&w, parts->map, gic);
    timer(&w, gic);
    if (domain->vpl011) {
        uart(&w, parts->map, gic);
    }
    if (domain->xen != CONFIG_XEN_NONE) {
        hypervisor(&w, domain, parts->map, gic);
    }
    fdt_write_end_node(&w);
    return fdt_write_finish(&w, size);
}
