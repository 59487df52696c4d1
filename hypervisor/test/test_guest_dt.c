/* SPDX-License-Identifier: Apache-2.0 */
/* The guest's address map and device tree. That the tree is upstream's byte for byte is a system test. */
#include <string.h>

#include <xi/fdt.h>
#include <xi/fdt_write.h>
#include <xi/guest_dt.h>

#include "test.h"

static _Alignas(8) uint8_t blob[GUEST_DT_MAX_BYTES];
static struct config_machine machine;
static struct domain_config domain;
static struct guest_map map;
static struct guest_places places;
static struct fdt fdt;
static struct guest_dt_parts parts = {&machine, &domain, &map, &places, NULL};

static void make(const struct pa_range *pieces, uint32_t count)
{
    size_t size;

    machine.gic = (struct config_gic){.version = 3, .distributor = {{0x8000000}, 0x10000}, .redistributor_count = 1};
    machine.gic.redistributors[0] = (struct pa_range){{0x80a0000}, 0xf60000};
    machine.uart = (struct config_uart){.registers = {{0x9000000}, 0x1000}, .intid = 33};
    memcpy(machine.cpu_compatible, "arm,cortex-a57", 15);
    machine.cpu_compatible_size = 15;
    EXPECT(guest_map_make(&machine, &domain, pieces, count, &map) == XI_OK);
    EXPECT(guest_dt_make(blob, sizeof(blob), &parts, &size) == XI_OK);
    EXPECT(fdt_open(blob, size, &fdt) == XI_OK);
}

static bool reg_is(const char *path, uint64_t address, uint64_t size)
{
    uint64_t a, s;
    fdt_node node = fdt_find(&fdt, path);

    return node != FDT_NONE && fdt_reg(&fdt, node, 0, &a, &s) == XI_OK && a == address && s == size;
}

TEST(shows_the_addresses_that_guests_hard_code)
{
    static const struct pa_range pieces[] = {{{0x80000000}, 0x8000000}};

    domain = (struct domain_config){.cpus = 2, .vpl011 = true, .bootargs = "quiet"};
    make(pieces, 1);
    EXPECT(reg_is("/memory@40000000", 0x40000000, 0x8000000));
    EXPECT(reg_is("/interrupt-controller@3001000", 0x3001000, 0x10000));
    EXPECT(reg_is("/sbsa-uart@22000000", 0x22000000, 0x1000));
    EXPECT(strcmp(fdt_string(&fdt, fdt_find(&fdt, "/chosen"), "bootargs"), "quiet") == 0);
    EXPECT(fdt_find(&fdt, "/cpus/cpu@1") != FDT_NONE && fdt_find(&fdt, "/cpus/cpu@2") == FDT_NONE);
    EXPECT(fdt_find(&fdt, "/hypervisor") == FDT_NONE);
}

TEST(shows_host_addresses_to_a_direct_mapped_guest)
{
    static const struct pa_range pieces[] = {{{0x80000000}, 0x8000000}, {{0xa0000000}, 0x1000000}};

    domain = (struct domain_config){.cpus = 1, .vpl011 = true, .direct_map = true};
    make(pieces, 2);
    EXPECT(reg_is("/memory@80000000", 0x80000000, 0x8000000));
    EXPECT(reg_is("/interrupt-controller@8000000", 0x8000000, 0x10000));
    EXPECT(reg_is("/sbsa-uart@9000000", 0x9000000, 0x1000));
    EXPECT(map.ram_count == 2 && map.banks[1].guest.ipa == 0xa0000000);
}

static void make_v2(bool direct_map, bool aliased)
{
    static const struct pa_range piece = {{0x80000000}, 0x8000000};
    const uint64_t size = aliased ? 0x20000 : 0x10000;
    size_t written;

    domain = (struct domain_config){.cpus = 1, .direct_map = direct_map};
    machine.gic = (struct config_gic){.version = 2, .distributor = {{0x8000000}, 0x10000}, .aliased = aliased};
    machine.gic.cpu_interface = (struct pa_range){{0x8010000}, size};
    machine.gic.vcpu_interface = (struct pa_range){{0x8040000}, size};
    EXPECT(guest_map_make(&machine, &domain, &piece, 1, &map) == XI_OK);
    EXPECT(guest_dt_make(blob, sizeof(blob), &parts, &written) == XI_OK);
    EXPECT(fdt_open(blob, written, &fdt) == XI_OK);
}

static bool interface_is(uint64_t guest, uint64_t at, uint64_t size)
{
    const struct guest_bank *b = &map.virtual_interface;

    return b->guest.ipa == guest && b->machine.pa == at && b->size == size;
}

TEST(gives_a_guest_of_a_gicv2_the_virtual_cpu_interface)
{
    fdt_node node;
    uint64_t start, size;

    make_v2(false, false);
    node = fdt_find(&fdt, "/interrupt-controller@3001000");
    EXPECT(strcmp(fdt_string(&fdt, node, "compatible"), "arm,gic-400") == 0);
    EXPECT(reg_is("/interrupt-controller@3001000", 0x3001000, 0x1000));
    EXPECT(fdt_reg(&fdt, node, 1, &start, &size) == XI_OK && start == 0x3002000 && size == 0x2000);
    EXPECT(interface_is(0x3002000, 0x8040000, 0x2000));
    make_v2(true, false);
    EXPECT(reg_is("/interrupt-controller@8000000", 0x8000000, 0x10000));
    EXPECT(interface_is(0x8010000, 0x8040000, 0x2000));
}

TEST(gives_two_pages_next_to_each_other_where_the_machine_repeats_them)
{
    make_v2(false, true);
    EXPECT(interface_is(0x3002000, 0x804f000, 0x2000));
    make_v2(true, true);
    EXPECT(interface_is(0x8010000, 0x8040000, 0x20000)); /* as the tree says */
}

TEST(keeps_each_bank_of_a_direct_mapped_guest_as_it_is)
{
    static const struct pa_range pieces[] = {{{0x80000000}, 0x8000000}, {{0x88000000}, 0x1000000}};

    domain = (struct domain_config){.cpus = 1, .direct_map = true};
    make(pieces, 2);
    EXPECT(map.ram_count == 2 && map.ram[0].size == 0x8000000 && map.ram[1].start.ipa == 0x88000000);
    domain.direct_map = false;
    make(pieces, 2);
    EXPECT(map.ram_count == 1 && map.ram[0].size == 0x9000000);
}

TEST(goes_on_in_the_second_window_above_3_gib)
{
    static const struct pa_range pieces[] = {{{0x80000000}, XI_GIB(2)}, {{0x200000000}, XI_GIB(2)}};

    domain = (struct domain_config){.cpus = 1};
    make(pieces, 2);
    EXPECT(map.bank_count == 3 && map.ram_count == 2);
    EXPECT(map.ram[0].size == XI_GIB(3) && map.ram[1].start.ipa == 0x200000000 && map.ram[1].size == XI_GIB(1));
    EXPECT(map.banks[2].machine.pa == 0x240000000);
}

TEST(names_what_is_free_for_foreign_pages_to_enhanced_guests)
{
    static const struct pa_range pieces[] = {{{0x80000000}, 0x20000000}};
    struct fdt_property reg;
    uint64_t start, size;

    domain = (struct domain_config){.cpus = 1, .xen = CONFIG_XEN_NO_XENSTORE};
    make(pieces, 1);
    EXPECT(fdt_property(&fdt, fdt_find(&fdt, "/hypervisor"), "reg", &reg) && reg.size == 48);
    EXPECT(fdt_pair(&reg, (struct fdt_cells){2, 2}, 0, &start, &size) && start == 0x38000000 && size == 0x1000000);
    EXPECT(fdt_pair(&reg, (struct fdt_cells){2, 2}, 1, &start, &size) && start == 0x60000000 && size == 0xa0000000);
    const struct pa_range odd[] = {{{0x80000000}, 0x20001000}};
    make(odd, 1);
    EXPECT(fdt_property(&fdt, fdt_find(&fdt, "/hypervisor"), "reg", &reg));
    EXPECT(fdt_pair(&reg, (struct fdt_cells){2, 2}, 1, &start, &size) && start == 0x60200000 && size == 0x9fe00000);
    /* Between the banks of a direct-mapped domain lie the machine's devices. */
    domain.direct_map = true;
    make(pieces, 1);
    EXPECT(fdt_property(&fdt, fdt_find(&fdt, "/hypervisor"), "reg", &reg) && reg.size == 16);
}

TEST(has_room_for_128_cpus_and_refuses_too_small_a_buffer)
{
    static const struct pa_range pieces[] = {{{0x80000000}, 0x8000000}};
    size_t size;

    domain = (struct domain_config){.cpus = 128, .vpl011 = true};
    make(pieces, 1);
    EXPECT(fdt_find(&fdt, "/cpus/cpu@70f") != FDT_NONE);
    EXPECT(guest_dt_make(blob, 1000, &parts, &size) == XI_ERR_NO_SPACE);
}

TEST(refuses_more_memory_than_the_windows_hold)
{
    static const struct pa_range pieces[] = {{{0}, XI_GIB(1020)}};

    domain = (struct domain_config){.cpus = 1};
    EXPECT(guest_map_make(&machine, &domain, pieces, 1, &map) == XI_ERR_RANGE);
    EXPECT(guest_map_make(&machine, &domain, pieces, 0, &map) == XI_ERR_RANGE);
}

/* One domain of 32 MiB from the start of guest RAM, with shared memory at these guest addresses. `all`: it has a console
 * and the hypervisor's interface. */
static xi_err with_views(bool all, uint64_t first, uint64_t second)
{
    static const struct config_share share = {.id = "frames", .machine = {{0x70000000}, 0x200000}};
    static const struct pa_range piece = {{0x50000000}, 0x2000000};

    domain = (struct domain_config){.cpus = 1, .view_count = 2, .views = {{&share, {first}}, {&share, {second}}}};
    domain.vpl011 = all;
    domain.xen = all ? CONFIG_XEN_NO_XENSTORE : CONFIG_XEN_NONE;
    return guest_map_make(&machine, &domain, &piece, 1, &map);
}

TEST(keeps_shared_memory_off_everything_else)
{
    static const uint64_t taken[] = {GUEST_RAM0_START, GUEST_RAM0_START + 0x1e00000, GUEST_GICD_START - 0x1ff000,
                                     GUEST_GICR_START, 0x33000000};
    static const uint64_t optional[] = {GUEST_UART_START - 0x1ff000, GUEST_GRANTS_START, GUEST_GRANTS_START + 0xe00000};

    machine.gic.version = 3;
    EXPECT(with_views(true, 0x33000000, 0x33200000) == XI_OK && map.view_count == 2);
    EXPECT(map.views[1].guest.ipa == 0x33200000 && map.views[1].machine.pa == 0x70000000);
    EXPECT(with_views(true, 0x33000000, GUEST_RAM0_START + 0x2000000) == XI_OK);
    for (uint32_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
        EXPECT(with_views(true, 0x33000000, taken[i]) == XI_ERR_BUSY);
        EXPECT(with_views(false, 0x33000000, taken[i]) == XI_ERR_BUSY);
    }
    for (uint32_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++) {
        EXPECT(with_views(true, 0x33000000, optional[i]) == XI_ERR_BUSY);
        EXPECT(with_views(false, 0x33000000, optional[i]) == XI_OK); /* the domain has nothing there */
    }
}

/* Registers and node of a device in a partial tree, whose /gic has another phandle than the guest's has by itself. */
static const struct fdt *partial_tree(void)
{
    static _Alignas(8) uint8_t bytes[4096];
    static const uint64_t reg[] = {0x9040000, 0x1000};
    static struct fdt partial;
    struct fdt_writer w;
    size_t size;

    fdt_write_begin(&w, bytes, sizeof(bytes));
    fdt_write_node(&w, "");
    fdt_write_node(&w, "gic");
    fdt_write_u32(&w, "phandle", 0x77);
    fdt_write_end_node(&w);
    fdt_write_node(&w, "aliases");
    fdt_write_string(&w, "serial1", "/passthrough/uart@9040000");
    fdt_write_end_node(&w);
    fdt_write_node(&w, "passthrough");
    fdt_write_u32(&w, "#address-cells", 2);
    fdt_write_u32(&w, "#size-cells", 2);
    fdt_write_property(&w, "ranges", NULL, 0);
    fdt_write_node(&w, "uart@9040000");
    fdt_write_string(&w, "xen,path", "/pl011@9040000");
    fdt_write_u64s(&w, "reg", reg, 2);
    fdt_write_property(&w, "xen,force-assign-without-iommu", NULL, 0);
    fdt_write_u32(&w, "phandle", 5);
    fdt_write_u64s(&w, "xen,reg", reg, 2);
    fdt_write_node(&w, "child");
    fdt_write_u32(&w, "depth", 2);
    fdt_write_end_node(&w);
    fdt_write_end_node(&w);
    fdt_write_end_node(&w);
    fdt_write_node(&w, "elsewhere");
    fdt_write_end_node(&w);
    fdt_write_end_node(&w);
    EXPECT(fdt_write_finish(&w, &size) == XI_OK && fdt_open(bytes, size, &partial) == XI_OK);
    return &partial;
}

TEST(shows_assigned_devices_without_what_is_meant_for_the_hypervisor)
{
    static const struct pa_range pieces[] = {{{0x80000000}, 0x8000000}};
    uint32_t number;

    domain = (struct domain_config){.cpus = 1, .vpl011 = true, .xen = CONFIG_XEN_NO_XENSTORE};
    parts.devices = partial_tree();
    make(pieces, 1);
    parts.devices = NULL;
    fdt_node device = fdt_find(&fdt, "/passthrough/uart@9040000");
    EXPECT(reg_is("/passthrough/uart@9040000", 0x9040000, 0x1000));
    EXPECT(fdt_u32(&fdt, device, "phandle", &number) && number == 5);
    EXPECT(!fdt_has(&fdt, device, "xen,path") && !fdt_has(&fdt, device, "xen,reg"));
    EXPECT(!fdt_has(&fdt, device, "xen,force-assign-without-iommu"));
    EXPECT(fdt_u32(&fdt, fdt_child(&fdt, device, "child"), "depth", &number) && number == 2);
    EXPECT(fdt_find(&fdt, "serial1") == device);
    EXPECT(fdt_find(&fdt, "/gic") == FDT_NONE && fdt_find(&fdt, "/elsewhere") == FDT_NONE);
    EXPECT(fdt_by_phandle(&fdt, 0x77) == fdt_find(&fdt, "/interrupt-controller"));
    const char *const users[] = {"/timer", "/sbsa-uart", "/hypervisor"};
    for (uint32_t i = 0; i < 3; i++) {
        EXPECT(fdt_u32(&fdt, fdt_find(&fdt, users[i]), "interrupt-parent", &number) && number == 0x77);
    }
}

TEST(keeps_assigned_devices_off_everything_else)
{
    static const uint64_t taken[] = {GUEST_RAM0_START, GUEST_GICD_START, GUEST_GICR_START, GUEST_UART_START,
                                     GUEST_GRANTS_START};
    static const struct {
        bool vpl011;
        enum config_xen xen;
        bool taken[2]; /* of the last two */
    } kinds[] = {{true, CONFIG_XEN_NONE, {true, false}},
                 {false, CONFIG_XEN_NO_XENSTORE, {false, true}},
                 {false, CONFIG_XEN_NONE, {false, false}}};
    static const struct pa_range pieces[] = {{{0x80000000}, 0x8000000}};
    struct config_region regions[] = {{{{0x9040000}, 0x1000}, {0xa0001000}}, {{{0x9010000}, 0x1000}, {0x9010000}}};
    struct fdt_property reg;
    uint64_t start, size;

    domain = (struct domain_config){.cpus = 1, .regions = regions, .region_count = 2, .xen = CONFIG_XEN_NO_XENSTORE};
    domain.vpl011 = true;
    make(pieces, 1);
    EXPECT(guest_map_collision(&domain, &map) == NULL);
    /* Nor is its place offered for other domains' pages. */
    EXPECT(fdt_property(&fdt, fdt_find(&fdt, "/hypervisor"), "reg", &reg));
    EXPECT(fdt_pair(&reg, (struct fdt_cells){2, 2}, 1, &start, &size) && start == 0x48000000 && size == 0x58000000);
    for (uint32_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
        regions[1].guest.ipa = taken[i];
        EXPECT(guest_map_collision(&domain, &map) == &regions[1]);
    }
    for (uint32_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        domain.vpl011 = kinds[i].vpl011, domain.xen = kinds[i].xen;
        for (uint32_t t = 0; t < 5; t++) {
            regions[1].guest.ipa = taken[t];
            EXPECT((guest_map_collision(&domain, &map) != NULL) == (t < 3 || kinds[i].taken[t - 3]));
        }
    }
    machine.gic.version = 2;
    EXPECT(guest_map_make(&machine, &domain, pieces, 1, &map) == XI_OK);
    regions[1].guest.ipa = GUEST_GICC_START + GUEST_GICC_SIZE - 0x1000;
    EXPECT(guest_map_collision(&domain, &map) == &regions[1]);
    regions[1].guest.ipa += 0x1000; /* within a GICv3's distributor, which there is none of */
    EXPECT(guest_map_collision(&domain, &map) == NULL);
    regions[1].guest.ipa = GUEST_GICR_START;
    EXPECT(guest_map_collision(&domain, &map) == NULL);
    machine.gic.version = 3;
}
