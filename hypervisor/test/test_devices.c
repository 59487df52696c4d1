/* SPDX-License-Identifier: Apache-2.0 */
/* Assigned devices: what the configuration reader takes from partial trees, and how it refuses them. */
#include <stdio.h>
#include <string.h>

#include <fake/machine.h>
#include <xi/arch.h>
#include <xi/config.h>
#include <xi/fdt_write.h>

#include "test.h"
#include "tree_maker.h"

#define FRAGMENT(n) (FAKE_MEMORY_START + (n) * 0x10000ull)
#define RTC 34u
#define UART 40u

static struct system_config config;
static struct config_error why;
static const struct image bare = {.range = {{0x40200000}, 0x100000}, .link = {0x40200000}};
static _Alignas(8) uint8_t tree[TREE_BYTES];
static size_t tree_size;

/* A partial tree of one device within a bus of its own. */
struct part {
    const char *path;      /* NULL: not there */
    uint64_t reg[6];       /* machine, size, guest, twice */
    uint32_t reg_numbers;  /* of them */
    uint32_t cells;        /* of the bus within the bus; 0: 2 */
    bool not_forced, no_bus, no_ranges, no_regions, cells_twice; /* cells_twice: #address-cells of two cells */
    const char *compatible; /* NULL: simple-bus */
    uint32_t filler;       /* bytes of a property */
    uint64_t pages_at;     /* of so many pages besides, two apart from one another */
    uint32_t pages;
};

#define MOST_PAGES 300u

/* Machine, size, guest of each region. */
static void write_regions(struct fdt_writer *w, const struct part *part)
{
    uint64_t numbers[6 + 3 * MOST_PAGES];
    uint32_t count = part->reg_numbers;

    memcpy(numbers, part->reg, sizeof(part->reg));
    for (uint32_t i = 0; i < part->pages; i++) {
        numbers[count] = numbers[count + 2] = part->pages_at + i * 0x2000ull;
        numbers[count + 1] = 0x1000;
        count += 3;
    }
    fdt_write_u64s(w, "xen,reg", numbers, count);
}

static struct part uart_part(void)
{
    return (struct part){"/serial@9040000", {0x9040000, 0x1000, 0x9040000}, 3, 0, false, false, false, false, false, NULL, 0, 0, 0};
}

static size_t make_part(const struct part *part, uint8_t *to)
{
    static const uint8_t filler[0x9000];
    struct fdt_writer w;
    size_t size;

    fdt_write_begin(&w, to, 0x10000);
    fdt_write_node(&w, "");
    if (!part->no_bus) {
        fdt_write_node(&w, "passthrough");
        fdt_write_string(&w, "compatible", part->compatible == NULL ? "simple-bus" : part->compatible);
        if (!part->no_ranges) {
            fdt_write_property(&w, "ranges", NULL, 0);
        }
        fdt_write_u32(&w, "#address-cells", 2);
        fdt_write_u32(&w, "#size-cells", 2);
        fdt_write_node(&w, "bus");
        const uint32_t cells = part->cells == 0 ? 2 : part->cells;
        fdt_write_cells(&w, "#address-cells", (const uint32_t[]){cells, cells}, part->cells_twice ? 2 : 1);
        fdt_write_u32(&w, "#size-cells", 2);
        fdt_write_node(&w, "device");
        if (!part->no_regions) {
            write_regions(&w, part);
        }
        if (part->path != NULL) {
            fdt_write_string(&w, "xen,path", part->path);
        }
        if (!part->not_forced) {
            fdt_write_property(&w, "xen,force-assign-without-iommu", NULL, 0);
        }
        fdt_write_property(&w, "filler", filler, part->filler);
        fdt_write_end_node(&w);
        fdt_write_end_node(&w);
        fdt_write_end_node(&w);
    }
    fdt_write_end_node(&w);
    EXPECT(fdt_write_finish(&w, &size) == XI_OK);
    return size;
}

/* The system, with a partial tree for each of its domains; NULL: none. */
static xi_err read_system(struct tree_wishes wishes, const struct part *first, const struct part *second)
{
    const struct part *parts[] = {first, second};

    wishes.second_uart = "okay";
    wishes.bootargs = "console=dtuart dtuart=/serial@9000000";
    for (uint32_t i = 0; i < 2; i++) {
        if (parts[i] != NULL) {
            wishes.domains[i].devices[0] = FRAGMENT(i);
            wishes.domains[i].devices[1] = make_part(parts[i], arch_pa_to_va((pa_t){FRAGMENT(i)}));
        }
    }
    memset(&why, 0, sizeof(why));
    tree_size = tree_make(&wishes, tree);
    EXPECT(config_read(tree, tree_size, &bare, (pa_t){0x40400000}, 0, &config, &why) == XI_OK);
    return config_read_devices(tree, tree_size, &config, &why);
}

static bool refuses(struct tree_wishes wishes, const struct part *first, const struct part *second, const char *line)
{
    bool refused = read_system(wishes, first, second) == XI_ERR_SYNTAX && strstr(why.line, line) != NULL &&
                   strchr(why.line, '\n') == NULL;

    if (!refused) {
        (void)fprintf(stderr, "expected \"%s\", got \"%s\"\n", line, why.line);
    }
    return refused;
}

TEST(gives_a_domain_the_pages_and_interrupts_of_its_device)
{
    struct part part = uart_part();

    EXPECT(read_system(tree_sound(), NULL, &part) == XI_OK);
    const struct domain_config *control = &config.domains[1];
    EXPECT(config.domains[0].region_count == 0 && control->region_count == 1 && control->interrupt_count == 1);
    EXPECT(control->regions[0].machine.start.pa == 0x9040000 && control->regions[0].machine.size == 0x1000);
    EXPECT(control->regions[0].guest.ipa == 0x9040000);
    EXPECT(control->interrupts[0].intid == UART && !control->interrupts[0].edge);
    EXPECT(config_fill_heap(&config, &bare, 48, &(struct page_heap){0}) == XI_OK);
}

TEST(takes_interrupts_that_name_their_controller)
{
    static const uint32_t cells[] = {TREE_GIC, 0, RTC - 32, 1, TREE_GIC, 0, 90, 4, TREE_GIC, 0, 90, 4};
    struct tree_wishes wishes = tree_sound();
    struct part part = {.path = "/rtc@9010000", .reg = {0x9010000, 0x1000, 0xa000000}, .reg_numbers = 3};

    wishes.extended = cells;
    wishes.extended_count = 12;
    EXPECT(read_system(wishes, &part, NULL) == XI_OK);
    EXPECT(config.domains[0].interrupt_count == 2); /* named twice, and had once */
    EXPECT(config.domains[0].interrupts[0].intid == RTC && config.domains[0].interrupts[0].edge);
    EXPECT(config.domains[0].interrupts[1].intid == 122 && !config.domains[0].interrupts[1].edge);
    EXPECT(config.domains[0].regions[0].guest.ipa == 0xa000000);
}

TEST(a_page_of_two_devices_of_one_domain_counts_once)
{
    struct part part = uart_part();

    memcpy(&part.reg[3], &part.reg[0], 24);
    part.reg_numbers = 6;
    EXPECT(read_system(tree_sound(), &part, NULL) == XI_OK && config.domains[0].region_count == 1);
    part.reg[3] = 0x9050000;
    EXPECT(refuses(tree_sound(), &part, NULL, "ui: /passthrough/bus/device: xen,reg: the guest has another device"));
}

TEST(has_room_for_so_many_regions_of_all_domains_and_no_more)
{
    struct part one = uart_part(), two = {.pages_at = 0xd000000, .pages = 55};

    one.pages_at = 0xc000000, one.pages = CONFIG_MAX_REGIONS - 56;
    EXPECT(read_system(tree_sound(), &one, &two) == XI_OK && config.region_count == CONFIG_MAX_REGIONS);
    EXPECT(config.domains[1].regions[54].machine.start.pa == 0xd000000 + 54 * 0x2000);
    two.pages = 56;
    EXPECT(refuses(tree_sound(), &one, &two,
                   "control: /passthrough/bus/device: xen,reg: more than 256 regions in all"));
}

TEST(has_room_for_so_many_interrupts_of_all_domains_and_no_more)
{
    uint32_t cells[4 * CONFIG_MAX_INTERRUPTS];
    struct tree_wishes wishes = tree_sound();
    struct part one = uart_part(), two = {.path = "/rtc@9010000", .reg = {0x9010000, 0x1000, 0x9010000}, .reg_numbers = 3};

    for (uint32_t i = 0; i < CONFIG_MAX_INTERRUPTS; i++) {
        memcpy(&cells[4 * i], (uint32_t[]){TREE_GIC, 0, 100 + i, 4}, 16);
    }
    wishes.extended = cells, wishes.extended_count = 4 * (CONFIG_MAX_INTERRUPTS - 1);
    EXPECT(read_system(wishes, &one, &two) == XI_OK && config.interrupt_count == CONFIG_MAX_INTERRUPTS);
    wishes.extended_count += 4;
    EXPECT(refuses(wishes, &one, &two,
                   "control: /passthrough/bus/device: xen,path: more than 256 interrupts in all"));
}

TEST(refuses_what_another_domain_has)
{
    struct part one = uart_part(), two = uart_part();

    EXPECT(refuses(tree_sound(), &one, &two,
                   "control: /passthrough/bus/device: xen,reg: 0x9040000 is assigned to ui already"));
    two.reg[0] = 0x9050000;
    EXPECT(refuses(tree_sound(), &one, &two, "xen,path: interrupt 40 is assigned already"));
}

TEST(refuses_what_is_not_a_device_to_give)
{
    static const struct {
        uint64_t at;
        const char *line;
    } cases[] = {{0x40000000, "xen,reg: 0x40000000 is RAM"},
                 {0x8000000, "xen,reg: 0x8000000 is the interrupt controller"},
                 {0x80a0000, "is the interrupt controller"},
                 {0x9000000, "xen,reg: 0x9000000 is the core's console"}};
    struct part part = uart_part();

    for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        part.reg[0] = cases[i].at;
        EXPECT(refuses(tree_sound(), &part, NULL, cases[i].line));
    }
    part = uart_part(), part.path = "/intc@8000000";
    EXPECT(refuses(tree_sound(), &part, NULL, "xen,path: the interrupt controller is the core's"));
    part = uart_part(), part.path = "/serial@9000000";
    EXPECT(refuses(tree_sound(), &part, NULL, "interrupt 33 is the core's console's"));
}

TEST(refuses_partial_trees_that_say_nonsense)
{
    struct part sound = uart_part(), p;

    p = sound, p.no_bus = true;
    EXPECT(refuses(tree_sound(), &p, NULL, "ui: /: passthrough: missing"));
    p = sound, p.compatible = "bus";
    EXPECT(refuses(tree_sound(), &p, NULL, "ui: /passthrough: compatible"));
    p = sound, p.no_ranges = true;
    EXPECT(refuses(tree_sound(), &p, NULL, "ui: /passthrough: ranges: missing"));
    p = sound, p.cells_twice = true;
    EXPECT(refuses(tree_sound(), &p, NULL, "ui: /passthrough/bus: #address-cells: not one cell"));
    p = sound, p.cells = 3;
    EXPECT(refuses(tree_sound(), &p, NULL, "xen,reg: not machine addresses"));
    p = sound, p.reg_numbers = 0;
    EXPECT(refuses(tree_sound(), &p, NULL, "xen,reg: not machine addresses"));
    p = sound, p.reg_numbers = 4;
    EXPECT(refuses(tree_sound(), &p, NULL, "xen,reg: not machine addresses"));
    p = sound, p.reg[0] += 0x200;
    EXPECT(refuses(tree_sound(), &p, NULL, "xen,reg: empty, not whole pages"));
    p = sound, p.reg[1] = 0x200;
    EXPECT(refuses(tree_sound(), &p, NULL, "xen,reg: empty, not whole pages"));
    p = sound, p.reg[1] = 0;
    EXPECT(refuses(tree_sound(), &p, NULL, "xen,reg: empty, not whole pages"));
    p = sound, p.reg[2] = UINT64_MAX & ~0xfffull;
    EXPECT(refuses(tree_sound(), &p, NULL, "xen,reg: empty, not whole pages"));
    p = sound, p.path = "/serial@9050000";
    EXPECT(refuses(tree_sound(), &p, NULL, "xen,path: not the path of a node"));
    p = sound, p.not_forced = true;
    EXPECT(refuses(tree_sound(), &p, NULL, "xen,force-assign-without-iommu: missing"));
    p.path = NULL;
    EXPECT(refuses(tree_sound(), &p, NULL, "xen,force-assign-without-iommu: missing"));
    p = sound, p.no_regions = true;
    EXPECT(refuses(tree_sound(), &p, NULL, "xen,reg: missing beside xen,path"));
    p = sound, p.filler = 0x9000;
    EXPECT(refuses(tree_sound(), &p, NULL, "ui: device tree: header: more than 32768 bytes"));
}

TEST(refuses_interrupts_that_cannot_be)
{
    static const uint32_t cells[][8] = {
        {TREE_GIC, 1, 14, 8}, {TREE_GIC, 0, 988, 4}, {TREE_GIC, 2, 1, 4}, {TREE_GIC, 0, 1},
        {99, 0, 1, 4}, {TREE_GIC, 0, 60, 4, TREE_GIC},
    };
    static const uint32_t counts[] = {4, 4, 4, 3, 4, 5};
    static const char *const lines[] = {"interrupt 30 is not a shared", "interrupt 0 of the node is malformed",
                                        "interrupt 0 of the node", "interrupt 0 of the node",
                                        "interrupt 0 of the node", "interrupt 1 of the node"};
    struct part part = {.path = "/rtc@9010000", .reg = {0x9010000, 0x1000, 0xa000000}, .reg_numbers = 3};
    struct tree_wishes wishes = tree_sound();

    for (uint32_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        wishes.extended = cells[i];
        wishes.extended_count = counts[i];
        EXPECT(refuses(wishes, &part, NULL, lines[i]));
    }
    part = uart_part();
    wishes = tree_sound(), wishes.domains[0].spis = 8;
    EXPECT(refuses(wishes, &part, NULL, "interrupt 40 is beyond nr_spis"));
    wishes.domains[0].spis = 9;
    EXPECT(read_system(wishes, &part, NULL) == XI_OK);
}

TEST(refuses_the_interrupt_of_the_guests_own_console)
{
    static const uint32_t cells[] = {TREE_GIC, 0, 0, 4};
    struct part part = {.path = "/rtc@9010000", .reg = {0x9010000, 0x1000, 0xa000000}, .reg_numbers = 3};
    struct tree_wishes wishes = tree_sound();

    wishes.extended = cells;
    wishes.extended_count = 4;
    EXPECT(refuses(wishes, &part, NULL, "interrupt 32 is that of the guest's vpl011"));
    wishes.domains[0].no_vpl011 = true;
    EXPECT(read_system(wishes, &part, NULL) == XI_OK);
}

/* 10,000 partial trees with a few bytes changed, each of its very size. */
TEST(survives_mutated_partial_trees)
{
    static _Alignas(8) uint8_t sound[0x10000];
    struct part part = uart_part();
    size_t size = make_part(&part, sound);
    uint32_t refused = 0;

    EXPECT(read_system(tree_sound(), &part, NULL) == XI_OK);
    for (uint32_t round = 0; round < 10000; round++) {
        uint8_t *at = arch_pa_to_va((pa_t){FRAGMENT(0)});
        memcpy(at, sound, size);
        for (uint64_t n = test_random(4) + 1; n != 0; n--) {
            at[test_random(size)] = (uint8_t)test_random(256);
        }
        config.domains[0].region_count = 0;
        config.domains[0].interrupt_count = 0;
        if (config_read_devices(tree, tree_size, &config, &why) != XI_OK) {
            refused++;
            EXPECT(why.line[0] != '\0' && strchr(why.line, '\n') == NULL);
        }
    }
    EXPECT(refused > 1000 && refused < 10000);
}
