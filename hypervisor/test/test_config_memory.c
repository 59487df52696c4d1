/* SPDX-License-Identifier: Apache-2.0 */
/* RAM, what is claimed of it, and what the core could not reach. */
#include <stdio.h>
#include <string.h>

#include "read_config.h"

TEST(finds_modules_of_a_linked_image_where_the_image_is)
{
    static _Alignas(8) uint8_t tree[TREE_BYTES];
    struct tree_wishes wishes = tree_sound();
    const struct image linked = {.range = {{0x70000000}, 0x3000000}, .linked = true, .link = {LOAD}};

    EXPECT(config_read(tree, tree_make(&wishes, tree), &linked, (pa_t){0}, 0, &config, &why) == XI_OK);
    EXPECT(config.domains[0].kernel.file.start.pa == 0x70000000 + (0x41000000 - LOAD));
}

TEST(leaves_as_heap_what_nobody_claims)
{
    static struct page_heap heap;
    struct tree_wishes wishes = tree_sound();

    EXPECT(read_wishes(&wishes) == XI_OK);
    EXPECT(config_fill_heap(&config, &bare, 48, &heap) == XI_OK);
    uint64_t tree = (config.dtb.size + 4095) & ~4095ull;
    EXPECT(pages_total(&heap) == 0x80000000 - 0x100000 - tree - 2 * 0x100000 - 0x1000 - 0x2000000);
    wishes.heap[0] = 0x70000000;
    wishes.heap[1] = 0x8000000;
    EXPECT(read_wishes(&wishes) == XI_OK && config_fill_heap(&config, &bare, 48, &heap) == XI_OK);
    EXPECT(pages_total(&heap) == 0x8000000);
}

TEST(takes_ram_from_several_nodes_but_none_twice)
{
    struct tree_wishes wishes = tree_sound();

    wishes.more_ram[0] = 0xc0000000;
    wishes.more_ram[1] = 0x1000000;
    EXPECT(read_wishes(&wishes) == XI_OK && config.machine.memory_count == 2);
    wishes.more_ram[0] = 0xbffff000;
    EXPECT(refuses(&wishes, "/: memory: RAM at 0x40000000 and at 0xbffff000 overlaps"));
    wishes.more_ram[0] = 0x40200000;
    EXPECT(refuses(&wishes, "/: memory: RAM at 0x40000000 and at 0x40200000 overlaps"));
}

TEST(keeps_reserved_memory_out_of_the_heap_and_out_of_domains)
{
    static struct page_heap heap;
    struct tree_wishes wishes = tree_sound();

    EXPECT(read_wishes(&wishes) == XI_OK && config_fill_heap(&config, &bare, 48, &heap) == XI_OK);
    uint64_t before = pages_total(&heap), tree = (config.dtb.size + 4095) & ~4095ull;
    wishes.reserved[0] = 0x70000000;
    wishes.reserved[1] = 0x1800;
    EXPECT(read_wishes(&wishes) == XI_OK && config_fill_heap(&config, &bare, 48, &heap) == XI_OK);
    EXPECT(pages_total(&heap) + ((config.dtb.size + 4095) & ~4095ull) == before + tree - 0x2000);
    wishes.reserved[0] = 0x61fff000;
    EXPECT(refuses(&wishes, "a static bank of control at 0x60000000 and reserved memory at 0x61fff000 overlap"));
    wishes.reserved_unmapped = true;
    EXPECT(refuses(&wishes, "a static bank of control at 0x60000000 and reserved memory at 0x61fff000 overlap"));
}

TEST(refuses_modules_that_it_could_not_read)
{
    struct tree_wishes wishes = tree_sound();
    const struct image linked = {.range = {{0x70000000}, 0x200000}, .linked = true, .link = {LOAD}};
    static _Alignas(8) uint8_t tree[TREE_BYTES];

    wishes.domains[0].kernel[0] = 0x20000000;
    EXPECT(refuses(&wishes, "the kernel of ui at 0x20000000 is not in RAM"));
    wishes.domains[0].kernel[0] = 0xbff80000;
    EXPECT(refuses(&wishes, "the kernel of ui at 0xbff80000 is not in RAM"));
    /* A linked image may leave one outside; it is judged like any other. */
    wishes = tree_sound();
    wishes.domains[0].kernel[0] = 0x60000000;
    EXPECT(config_read(tree, tree_make(&wishes, tree), &linked, (pa_t){0}, 0, &config, &why) == XI_ERR_SYNTAX);
    EXPECT(strstr(why.line, "the kernel of ui at 0x60000000") != NULL);
}

/* The defaults of the specification would give other addresses than were meant. */
TEST(refuses_counts_of_cells_that_are_not_one_cell)
{
    static _Alignas(8) uint8_t tree[TREE_BYTES];
    static const char *const nodes[][2] = {
        {"", "/"}, {"cpus", "/cpus"}, {"reserved-memory", "/reserved-memory"}, {"chosen", "/chosen"}, {"ui", "/chosen/ui"}};
    static const char *const properties[] = {"#address-cells", "#size-cells"};
    struct tree_wishes wishes = tree_sound();
    struct config_machine machine;
    char line[64];

    wishes.reserved[0] = 0x70000000, wishes.reserved[1] = 0x1000;
    for (uint32_t i = 0; i < 20; i++) {
        wishes.odd.node = nodes[i / 4][0], wishes.odd.property = properties[i % 2], wishes.odd.cells = i / 2 % 2 * 2;
        (void)snprintf(line, sizeof(line), "%s: %s: not one cell", nodes[i / 4][1], properties[i % 2]);
        EXPECT(read_wishes(&wishes) == XI_ERR_SYNTAX && strcmp(why.line, line) == 0);
        why.line[0] = '\0';
        /* Before any of it is mapped. */
        EXPECT(config_read_memory(tree, tree_make(&wishes, tree), &machine, &why) == XI_ERR_SYNTAX);
        EXPECT(strcmp(why.line, line) == 0);
    }
    wishes.odd.cells = 1;
    EXPECT(read_wishes(&wishes) == XI_OK);
}

TEST(refuses_overlaps_and_memory_that_is_not_there)
{
    struct tree_wishes sound = tree_sound(), w;

    w = sound, w.domains[1].banks[0] = 0xbf000000;
    EXPECT(refuses(&w, "a static bank of control at 0xbf000000 is not in RAM"));
    w = sound, w.domains[1].banks[0] = LOAD;
    EXPECT(refuses(&w, "overlap"));
    w = sound, w.domains[0].kernel[0] = LOAD + 0xff000;
    EXPECT(refuses(&w, "the image at 0x40200000 and the kernel of ui at 0x402ff000 overlap"));
    w = sound, w.domains[1].bank_count = 2, w.domains[1].banks[1] = 0x1000000;
    w.domains[1].banks[2] = 0x60800000, w.domains[1].banks[3] = 0x1000000;
    EXPECT(refuses(&w, "a static bank of control at 0x60000000 and a static bank of control at 0x60800000 overlap"));
    w.domains[1].banks[2] = 0x61000000;
    EXPECT(read_wishes(&w) == XI_OK && config.domains[1].bank_count == 2);
    w = sound, w.domains[1].banks[0] = 0x41000000;
    EXPECT(refuses(&w, "the kernel of ui"));
    w = sound, w.heap[0] = 0x61000000, w.heap[1] = 0x1000000;
    EXPECT(refuses(&w, "the static heap"));
    w = sound, w.domains[0].kernel[0] = 0x42080000;
    EXPECT(refuses(&w, "overlap"));
}

TEST(refuses_devices_that_it_could_not_drive)
{
    struct tree_wishes sound = tree_sound(), w;

    w = sound, w.gicd_size = 0x8000;
    EXPECT(refuses(&w, "/intc@8000000: reg: a distributor of less than 64 KiB"));
    w = sound, w.gicr_size = 0x10000;
    EXPECT(refuses(&w, "/intc@8000000: reg: redistributor region 0 is not made of frames of 64 KiB"));
    w = sound, w.gic = 2, w.gicd_size = 0x800;
    EXPECT(refuses(&w, "/intc@8000000: reg: a distributor or hypervisor interface without all of its registers"));
    /* RAM that begins below them. */
    w = sound, w.ram[0] = 0x8010000, w.ram[1] = 0x90000000;
    EXPECT(refuses(&w, "device tree: memory: the console port at 0x9000000 is in RAM"));
    w.ram[1] = 0x100000;
    EXPECT(refuses(&w, "device tree: memory: redistributor region 0 at 0x80a0000 is in RAM"));
}

TEST(lets_domains_share_one_kernel_file)
{
    struct tree_wishes wishes = tree_sound();

    memcpy(wishes.domains[0].kernel, wishes.domains[1].kernel, sizeof(wishes.domains[0].kernel));
    EXPECT(read_wishes(&wishes) == XI_OK);
}
