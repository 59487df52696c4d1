/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include <xi/fdt_write.h>

#include "tree_maker.h"

struct tree_wishes tree_sound(void)
{
    return (struct tree_wishes){
        .cpus = 4,
        .gic = 3,
        .bootargs = "console=dtuart",
        .domains = {{.name = "ui", .kib = 65536, .cpus = 2, .kernel = {0x41000000, 0x100000}},
                    {.name = "control",
                     .kib = 32768,
                     .cpus = 1,
                     .banks = {0x60000000, 0x2000000},
                     .bank_count = 1,
                     .kernel = {0x42000000, 0x100000},
                     .ramdisk = {0x42200000, 0x1000}}},
        .domain_count = 2,
    };
}

static void cells(struct fdt_writer *w, const struct tree_wishes *wishes, const char *node, uint32_t address, uint32_t size)
{
    const char *const names[] = {"#address-cells", "#size-cells"};
    const uint32_t values[] = {address, size};

    for (uint32_t i = 0; i < 2; i++) {
        const bool odd = wishes->odd.node != NULL && strcmp(wishes->odd.node, node) == 0 &&
                         strcmp(wishes->odd.property, names[i]) == 0;
        fdt_write_cells(w, names[i], (const uint32_t[]){values[i], values[i]}, odd ? wishes->odd.cells : 1);
    }
}

static void uart(struct fdt_writer *w, const char *compatible, uint64_t at, uint32_t spi, const char *status)
{
    const uint64_t reg[] = {at, 0x1000};
    const uint32_t interrupt[] = {0, spi, 4};

    fdt_write_node_at(w, "serial", at);
    fdt_write_string(w, "compatible", compatible);
    fdt_write_u64s(w, "reg", reg, 2);
    fdt_write_cells(w, "interrupts", interrupt, 3);
    fdt_write_string(w, "status", status);
    fdt_write_end_node(w);
}

static void uarts(struct fdt_writer *w, const struct tree_wishes *wishes)
{
    if (wishes->second_uart != NULL) {
        uart(w, wishes->second_uart_is == NULL ? "arm,pl011" : wishes->second_uart_is, 0x9040000, 8,
             wishes->second_uart);
        fdt_write_node(w, "aliases");
        fdt_write_string(w, "serial1", "/serial@9040000");
        fdt_write_end_node(w);
    }
    uart(w, "arm,pl011", 0x9000000, 1, "okay");
}

static void reserved(struct fdt_writer *w, const struct tree_wishes *wishes)
{
    const uint64_t *range = wishes->reserved;

    fdt_write_node(w, "reserved-memory");
    cells(w, wishes, "reserved-memory", 2, 2);
    if (!wishes->reserved_unmapped) {
        fdt_write_property(w, "ranges", NULL, 0);
    }
    fdt_write_node_at(w, "firmware", range[0]);
    fdt_write_u64s(w, "reg", range, 2);
    fdt_write_end_node(w);
    fdt_write_end_node(w);
}

static void rtc(struct fdt_writer *w, const struct tree_wishes *wishes)
{
    static const uint64_t reg[] = {0x9010000, 0x1000};

    fdt_write_node_at(w, "rtc", reg[0]);
    fdt_write_string(w, "compatible", "arm,pl031");
    fdt_write_u64s(w, "reg", reg, 2);
    fdt_write_cells(w, "interrupts-extended", wishes->extended, wishes->extended_count);
    fdt_write_end_node(w);
}

static void ram(struct fdt_writer *w, const uint64_t *range)
{
    fdt_write_node_at(w, "memory", range[0]);
    fdt_write_string(w, "device_type", "memory");
    fdt_write_u64s(w, "reg", range, 2);
    fdt_write_end_node(w);
}

static void machine(struct fdt_writer *w, const struct tree_wishes *wishes)
{
    const bool own_ram = wishes->ram[1] != 0;
    const uint64_t memory[] = {own_ram ? wishes->ram[0] : 0x40000000, own_ram ? wishes->ram[1] : 0x80000000};
    const uint64_t gicd = wishes->gicd_size == 0 ? 0x10000 : wishes->gicd_size;
    const uint64_t gicr = wishes->gicr_size == 0 ? 0xf60000 : wishes->gicr_size;
    const uint64_t v3[] = {0x8000000, gicd, 0x80a0000, gicr};
    const uint64_t gicc = wishes->gicc_size == 0 ? 0x2000 : wishes->gicc_size;
    const uint64_t gicv = wishes->gicv_size == 0 ? gicc : wishes->gicv_size;
    const uint64_t v2[] = {0x8000000, gicd, 0x8010000, gicc, 0x8030000, 0x10000, 0x8040000 + wishes->gicv_shift, gicv};

    ram(w, memory);
    if (wishes->more_ram[1] != 0) {
        ram(w, wishes->more_ram);
    }
    fdt_write_node(w, "psci");
    fdt_write_string(w, "compatible", "arm,psci-1.0");
    fdt_write_string(w, "method", "smc");
    fdt_write_end_node(w);
    uarts(w, wishes);
    if (wishes->extended != NULL) {
        rtc(w, wishes);
    }
    if (wishes->reserved[1] != 0) {
        reserved(w, wishes);
    }
    if (wishes->gic != 0) {
        fdt_write_node_at(w, "intc", 0x8000000);
        fdt_write_string(w, "compatible", wishes->gic == 3 ? "arm,gic-v3" : "arm,gic-400");
        fdt_write_u64s(w, "reg", wishes->gic == 3 ? v3 : v2, wishes->gic == 3 ? 4 : 8 - 2 * wishes->gic_regs_missing);
        fdt_write_u32(w, "#interrupt-cells", 3);
        fdt_write_u32(w, "phandle", TREE_GIC);
        fdt_write_end_node(w);
    }
    fdt_write_node(w, "cpus");
    cells(w, wishes, "cpus", 1, 0);
    for (uint32_t i = 0; i < wishes->cpus; i++) {
        fdt_write_node_at(w, "cpu", i);
        fdt_write_string(w, "device_type", "cpu");
        fdt_write_string(w, "compatible", "arm,cortex-a57");
        fdt_write_u32(w, "reg", wishes->twin_cpus && i == wishes->cpus - 1 ? i - 1 : i);
        fdt_write_u32(w, "phandle", TREE_CPU + i);
        fdt_write_end_node(w);
    }
    fdt_write_end_node(w);
}

static void pool(struct fdt_writer *w, const struct tree_wishes *wishes, uint32_t index)
{
    uint32_t cpus[4], count = 0;

    while (count < 4 && wishes->pool_cpus[index][count] != 0) {
        cpus[count] = TREE_CPU + wishes->pool_cpus[index][count] - 1;
        count++;
    }
    if (count == 0) {
        return;
    }
    fdt_write_node_at(w, "cpupool", index);
    fdt_write_string(w, "compatible", "xen,cpupool");
    fdt_write_cells(w, "cpupool-cpus", cpus, count);
    if (index == 0 && wishes->scheduler != NULL) {
        fdt_write_string(w, "cpupool-sched", wishes->scheduler);
    }
    if (index == 0 && wishes->frame != 0) {
        fdt_write_u32(w, "xenimg,arinc653-frame", wishes->frame);
    }
    if (index == 0 && wishes->window_count != 0) {
        fdt_write_cells(w, "xenimg,arinc653-windows", wishes->windows, 2 * wishes->window_count);
        fdt_write_property(w, "xenimg,arinc653-domains", wishes->window_domains, wishes->window_domains_size);
    }
    fdt_write_u32(w, "phandle", TREE_POOL + index);
    fdt_write_end_node(w);
}

static void module(struct fdt_writer *w, const char *kind, const uint64_t *place, uint32_t pieces)
{
    const uint64_t reg[] = {place[0], place[1], place[0] + place[1], place[1]};

    fdt_write_node_at(w, "module", place[0]);
    fdt_write_string(w, "compatible", kind);
    fdt_write_u64s(w, "reg", reg, 2 * pieces);
    fdt_write_string(w, "bootargs", "console=ttyAMA0");
    fdt_write_end_node(w);
}

static void channel_end(struct fdt_writer *w, const struct tree_wishes *wishes, uint32_t domain, uint32_t index)
{
    const uint32_t value[] = {wishes->domains[domain].ends[index].port, wishes->domains[domain].ends[index].target};

    if (wishes->domains[domain].ends[index].phandle == 0) {
        return;
    }
    fdt_write_node_at(w, "evtchn", index);
    fdt_write_string(w, "compatible", "xen,evtchn-v1");
    fdt_write_cells(w, "xen,evtchn", value, 2);
    fdt_write_u32(w, "phandle", wishes->domains[domain].ends[index].phandle);
    fdt_write_end_node(w);
}

static void view(struct fdt_writer *w, const struct tree_wishes *wishes, uint32_t domain, uint32_t index)
{
    if (wishes->domains[domain].views[index].id == NULL) {
        return;
    }
    fdt_write_node_at(w, "shared-mem", index);
    fdt_write_string(w, "compatible", "xen,domain-shared-memory-v1");
    fdt_write_string(w, "xen,shm-id", wishes->domains[domain].views[index].id);
    const uint64_t *place = wishes->domains[domain].views[index].place;
    const uint32_t left_out = place[0] == ANYWHERE ? 1 : 0;
    fdt_write_u64s(w, "xen,shared-mem", place + left_out, 3 - left_out);
    if (wishes->domains[domain].views[index].role != NULL) {
        fdt_write_string(w, "role", wishes->domains[domain].views[index].role);
    }
    fdt_write_end_node(w);
}

static void number(struct fdt_writer *w, const char *name, uint32_t wish)
{
    if (wish != 0) {
        fdt_write_u32(w, name, wish == NO_NUMBER ? 0 : wish);
    }
}

static void vcpu(struct fdt_writer *w, const struct tree_wishes *wishes, uint32_t domain, uint32_t index)
{
    if (wishes->domains[domain].vcpus[index].affinity == NULL) {
        return;
    }
    fdt_write_node_at(w, "vcpu", index);
    fdt_write_string(w, "compatible", "xen,vcpu");
    fdt_write_u32(w, "id", wishes->domains[domain].vcpus[index].id);
    fdt_write_string(w, "hard-affinity", wishes->domains[domain].vcpus[index].affinity);
    number(w, "xenimg,rtds-budget", wishes->domains[domain].vcpus[index].budget);
    fdt_write_end_node(w);
}

static void domain(struct fdt_writer *w, const struct tree_wishes *wishes, uint32_t index)
{
    fdt_write_node(w, wishes->domains[index].name);
    fdt_write_string(w, "compatible", "xen,domain");
    cells(w, wishes, wishes->domains[index].name, 2, 2);
    fdt_write_u64s(w, "memory", &wishes->domains[index].kib, 1);
    if (wishes->domains[index].memory_twice) {
        fdt_write_u64s(w, "memory", &wishes->domains[index].kib, 1);
    }
    fdt_write_u32(w, "cpus", wishes->domains[index].cpus);
    if (!wishes->domains[index].no_vpl011) {
        fdt_write_property(w, "vpl011", NULL, 0);
    }
    if (wishes->domains[index].bank_count != 0) {
        fdt_write_u64s(w, "xen,static-mem", wishes->domains[index].banks, 2 * wishes->domains[index].bank_count);
    }
    if (wishes->domains[index].spis != 0) {
        fdt_write_u32(w, "nr_spis", wishes->domains[index].spis);
    }
    if (wishes->domains[index].colors != NULL) {
        fdt_write_string(w, "llc-colors", wishes->domains[index].colors);
    }
    if (wishes->domains[index].direct_map) {
        fdt_write_property(w, "direct-map", NULL, 0);
    }
    if (wishes->domains[index].on_crash != NULL) {
        fdt_write_string(w, "xenimg,on-crash", wishes->domains[index].on_crash);
    }
    number(w, "xenimg,weight", wishes->domains[index].weight);
    number(w, "xenimg,cap", wishes->domains[index].cap);
    number(w, "xenimg,rtds-budget", wishes->domains[index].budget);
    number(w, "xenimg,rtds-period", wishes->domains[index].period);
    if (wishes->domains[index].enhanced != NULL) {
        fdt_write_string(w, "xen,enhanced", wishes->domains[index].enhanced);
    }
    if (wishes->domains[index].pool != 0) {
        fdt_write_u32(w, "domain-cpupool", TREE_POOL + wishes->domains[index].pool - 1);
    }
    if (!wishes->domains[index].no_kernel) {
        module(w, "multiboot,kernel", wishes->domains[index].kernel, wishes->domains[index].kernel_in_two ? 2 : 1);
    }
    for (uint32_t i = 0; i < wishes->domains[index].extra_modules; i++) {
        const uint64_t place[] = {0x50000000 + 0x1000ull * i, 0x1000};
        module(w, "multiboot,kernel", place, 1);
    }
    if (wishes->domains[index].ramdisk[1] != 0) {
        module(w, "multiboot,ramdisk", wishes->domains[index].ramdisk, 1);
    }
    if (wishes->domains[index].devices[1] != 0) {
        module(w, "multiboot,device-tree", wishes->domains[index].devices, 1);
    }
    for (uint32_t i = 0; i < 3; i++) {
        channel_end(w, wishes, index, i);
    }
    for (uint32_t i = 0; i < 2; i++) {
        vcpu(w, wishes, index, i);
        view(w, wishes, index, i);
    }
    fdt_write_end_node(w);
}

size_t tree_make(const struct tree_wishes *wishes, uint8_t *to)
{
    struct fdt_writer w;
    size_t size;

    fdt_write_begin(&w, to, TREE_BYTES);
    fdt_write_node(&w, "");
    cells(&w, wishes, "", 2, 2);
    fdt_write_u32(&w, "interrupt-parent", TREE_GIC);
    machine(&w, wishes);
    if (wishes->stray_phandle != 0) {
        fdt_write_node(&w, "stray");
        fdt_write_u32(&w, "phandle", wishes->stray_phandle);
        fdt_write_end_node(&w);
    }
    fdt_write_node(&w, "chosen");
    cells(&w, wishes, "chosen", 2, 2);
    if (wishes->second_uart == NULL) {
        fdt_write_string(&w, "stdout-path", "/serial@9000000:115200n8");
    }
    fdt_write_string(&w, "xen,xen-bootargs", wishes->bootargs);
    if (wishes->rollback_cells != 0) {
        fdt_write_cells(&w, "xenimg,rollback-index", (const uint32_t[]){7, 7}, wishes->rollback_cells);
    }
    if (wishes->heap[1] != 0) {
        fdt_write_u64s(&w, "xen,static-heap", wishes->heap, 2);
    }
    for (uint32_t i = 0; i < 2; i++) {
        pool(&w, wishes, i);
    }
    for (uint32_t i = 0; i < wishes->domain_count; i++) {
        domain(&w, wishes, i);
    }
    fdt_write_end_node(&w);
    fdt_write_end_node(&w);
    if (fdt_write_finish(&w, &size) != XI_OK) {
        abort();
    }
    return size;
}
