/* SPDX-License-Identifier: Apache-2.0 */
/* Who gets which machine memory, and where nobody can. */
#include <string.h>

#include <xi/allot.h>
#include <xi/bits.h>
#include <xi/config.h>
#include <xi/stage2.h>

#include "test.h"
#include "tree_maker.h"

static struct system_config config;
static struct page_heap heap;
static struct guest_map maps[CONFIG_MAX_DOMAINS];
static struct config_error why;
static const struct image bare = {.range = {{0x40200000}, 0x100000}, .link = {0x40200000}};

static xi_err allot(const struct tree_wishes *wishes)
{
    static _Alignas(8) uint8_t tree[TREE_BYTES];

    memset(&why, 0, sizeof(why));
    if (config_read(tree, tree_make(wishes, tree), &bare, (pa_t){0x40400000}, 0, &config, &why) != XI_OK ||
        config_fill_heap(&config, &bare, stage2_address_bits(), &heap) != XI_OK) {
        return XI_ERR_SYNTAX;
    }
    xi_err err = config_place_shares(&config, &heap, &why);
    return err == XI_OK ? allot_memory(&config, &heap, maps, &why) : err;
}

static bool refuses(const struct tree_wishes *wishes, const char *line)
{
    return allot(wishes) == XI_ERR_SYNTAX && strcmp(why.line, line) == 0;
}

/* RAM up to 32 TiB. */
static struct tree_wishes large(void)
{
    struct tree_wishes wishes = tree_sound();

    wishes.ram[0] = 0x40000000;
    wishes.ram[1] = 1ull << 45;
    return wishes;
}

TEST(takes_banks_that_every_cpu_addresses_and_refuses_those_above)
{
    struct tree_wishes wishes = large();

    wishes.domains[1].banks[0] = (1ull << 40) - 0x2000000;
    stage2_set_address_bits(40);
    EXPECT(allot(&wishes) == XI_OK && maps[1].banks[0].machine.pa == (1ull << 40) - 0x2000000);
    wishes.domains[1].banks[0] = 1ull << 40;
    EXPECT(refuses(&wishes, "/chosen/control: xen,static-mem: 0x10000000000 is above the 40 bits of the smallest CPU"));
    stage2_set_address_bits(44);
    EXPECT(allot(&wishes) == XI_OK);
    wishes.domains[1].banks[0] = (1ull << 44) - 0x1000000;
    EXPECT(refuses(&wishes, "/chosen/control: xen,static-mem: 0xfffff000000 is above the 44 bits of the smallest CPU"));
    stage2_set_address_bits(40);
}

TEST(takes_nothing_from_ram_that_some_cpu_does_not_address)
{
    struct tree_wishes wishes = large();

    stage2_set_address_bits(36);
    EXPECT(allot(&wishes) == XI_OK);
    for (uint32_t i = 0; i < heap.count; i++) {
        EXPECT(heap.free[i].start.pa + heap.free[i].size <= 1ull << 36);
    }
    wishes.heap[0] = 1ull << 36;
    wishes.heap[1] = 0x8000000;
    EXPECT(refuses(&wishes, "/chosen: xen,static-heap: 0x1000000000 is above the 36 bits of the smallest CPU"));
    stage2_set_address_bits(40);
}

TEST(refuses_files_guest_addresses_and_shared_memory_out_of_reach)
{
    struct tree_wishes sound = large(), w;

    stage2_set_address_bits(36);
    w = sound, w.domains[0].kernel[0] = 1ull << 37;
    EXPECT(refuses(&w, "/chosen/ui: reg: 0x2000000000 is above the 36 bits of the smallest CPU"));
    w = sound, w.domains[0].kib = XI_GIB(63) >> 10;
    EXPECT(refuses(&w, "/chosen/ui: memory: more than is left, in whole blocks of 2 MiB"));
    w = sound, w.domains[0].views[0].id = "frames";
    memcpy(w.domains[0].views[0].place, (uint64_t[]){1ull << 36, 0x33000000, 0x1000}, sizeof(w.domains[0].views[0].place));
    EXPECT(refuses(&w, "/chosen/ui: xen,shared-mem: 0x1000000000 is above the 36 bits of the smallest CPU"));
    memcpy(w.domains[0].views[0].place, (uint64_t[]){0x70000000, 1ull << 36, 0x1000}, sizeof(w.domains[0].views[0].place));
    EXPECT(refuses(&w, "/chosen/ui: xen,shared-mem: 0x1000000000 is above the 36 bits of the smallest CPU"));
    stage2_set_address_bits(40);
}

static void share(struct tree_wishes *wishes, uint32_t domain, uint64_t machine, uint64_t guest, uint64_t size)
{
    const uint64_t place[] = {machine, guest, size};

    wishes->domains[domain].views[0].id = "frames";
    memcpy(wishes->domains[domain].views[0].place, place, sizeof(place));
}

TEST(finds_one_place_for_shared_memory_without_an_address)
{
    struct tree_wishes wishes = tree_sound();

    share(&wishes, 0, ANYWHERE, 0x33000000, 0x3000);
    share(&wishes, 1, ANYWHERE, 0x34000000, 0x3000);
    EXPECT(allot(&wishes) == XI_OK);
    const struct pa_range machine = config.shares[0].machine;
    EXPECT(config.share_count == 1 && !config.shares[0].owned && machine.size == 0x3000);
    EXPECT(maps[0].views[0].machine.pa == machine.start.pa && maps[1].views[0].machine.pa == machine.start.pa);
    EXPECT(maps[0].views[0].guest.ipa == 0x33000000 && maps[1].views[0].guest.ipa == 0x34000000);
    /* Nobody else has it. */
    EXPECT(!pa_range_overlaps(machine, (struct pa_range){maps[0].banks[0].machine, maps[0].banks[0].size}));
    EXPECT(!pa_range_overlaps(machine, bare.range) && !pa_range_overlaps(machine, config.static_banks[0]));
    for (uint32_t i = 0; i < heap.count; i++) {
        EXPECT(!pa_range_overlaps(machine, heap.free[i]));
    }
    /* One of its domains may know the address. */
    share(&wishes, 1, 0x70000000, 0x34000000, 0x3000);
    EXPECT(allot(&wishes) == XI_OK && maps[0].views[0].machine.pa == 0x70000000);
    share(&wishes, 0, 0x70000000, 0x33000000, 0x3000);
    share(&wishes, 1, ANYWHERE, 0x34000000, 0x3000);
    EXPECT(allot(&wishes) == XI_OK && maps[1].views[0].machine.pa == 0x70000000);
    share(&wishes, 1, ANYWHERE, 0x34000000, 0x4000);
    EXPECT(refuses(&wishes, "/chosen/control/shared-mem@0: xen,shared-mem: not the memory that \"frames\" is elsewhere"));
    wishes = tree_sound();
    share(&wishes, 0, ANYWHERE, 0x200000000, 0x100000000);
    EXPECT(refuses(&wishes, "device tree: xen,shared-mem: no 4194304KB in one piece for frames"));
}

TEST(says_whose_memory_is_missing)
{
    struct tree_wishes wishes = tree_sound();

    wishes.domains[0].kib = XI_GIB(3) >> 10;
    EXPECT(refuses(&wishes, "/chosen/ui: memory: more than is left, in whole blocks of 2 MiB"));
}
