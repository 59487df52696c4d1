/* SPDX-License-Identifier: Apache-2.0 */
/* What domains have in common: static event channels and shared memory. */
#include <stdlib.h>
#include <string.h>

#include "read_config.h"

static struct tree_wishes with_channel(void)
{
    struct tree_wishes w = tree_sound();

    w.domains[0].ends[0].port = 10, w.domains[0].ends[0].phandle = 0x200, w.domains[0].ends[0].target = 0x201;
    w.domains[1].ends[0].port = 11, w.domains[1].ends[0].phandle = 0x201, w.domains[1].ends[0].target = 0x200;
    return w;
}

TEST(connects_ports_whose_nodes_name_each_other)
{
    struct tree_wishes sound = with_channel(), w;

    EXPECT(read_wishes(&sound) == XI_OK && config.channel_count == 1);
    EXPECT(config.channels[0].domain[0] == 0 && config.channels[0].port[0] == 10);
    EXPECT(config.channels[0].domain[1] == 1 && config.channels[0].port[1] == 11);
    w = sound, w.domains[0].ends[0].port = 0;
    EXPECT(refuses(&w, "/chosen/ui/evtchn@0: xen,evtchn: port 0"));
    w = sound, w.domains[1].ends[0].port = 1024;
    EXPECT(refuses(&w, "/chosen/control/evtchn@0: xen,evtchn: port 1024"));
    w = sound, w.domains[0].ends[0].target = 0x10;
    EXPECT(refuses(&w, "/chosen/ui/evtchn@0: xen,evtchn: not the phandle of another"));
    w = sound, w.domains[0].ends[0].target = 0x200;
    EXPECT(refuses(&w, "/chosen/ui/evtchn@0: xen,evtchn: not the phandle of another"));
    w = sound, w.domains[1].ends[1] = w.domains[1].ends[0], w.domains[1].ends[1].phandle = 0x202;
    EXPECT(refuses(&w, "/chosen/control/evtchn@1: xen,evtchn: the other end does not lead back"));
    w = sound, w.domains[0].ends[1].port = 10, w.domains[0].ends[1].phandle = 0x202, w.domains[0].ends[1].target = 0x203;
    w.domains[1].ends[1].port = 12, w.domains[1].ends[1].phandle = 0x203, w.domains[1].ends[1].target = 0x202;
    EXPECT(refuses(&w, "has a channel already"));
}

static struct tree_wishes with_share(void)
{
    struct tree_wishes w = tree_sound();

    for (uint32_t i = 0; i < 2; i++) {
        w.domains[i].views[0].id = "frames";
        w.domains[i].views[0].place[0] = 0x70000000;
        w.domains[i].views[0].place[1] = 0x33000000;
        w.domains[i].views[0].place[2] = 0x200000;
    }
    w.domains[1].views[0].role = "owner";
    return w;
}

TEST(shows_shared_memory_to_several_domains)
{
    struct tree_wishes sound = with_share(), w;
    struct page_heap heap;

    EXPECT(read_wishes(&sound) == XI_OK && config.share_count == 1 && config.shares[0].owned);
    EXPECT(config.domains[0].view_count == 1 && config.domains[0].views[0].share == &config.shares[0]);
    EXPECT(config.domains[1].views[0].guest.ipa == 0x33000000);
    uint64_t with = config_fill_heap(&config, &bare, 48, &heap) == XI_OK ? pages_total(&heap) : 0;
    w = tree_sound();
    EXPECT(read_wishes(&w) == XI_OK && config_fill_heap(&config, &bare, 48, &heap) == XI_OK);
    EXPECT(pages_total(&heap) == with + 0x200000);

    w = sound, w.domains[0].views[0].id = "a-name-of-sixteen";
    EXPECT(refuses(&w, "/chosen/ui/shared-mem@0: xen,shm-id"));
    w = sound, w.domains[0].views[0].id = "";
    EXPECT(refuses(&w, "/chosen/ui/shared-mem@0: xen,shm-id"));
    w = sound, w.domains[0].views[0].role = "owner";
    EXPECT(refuses(&w, "/chosen/control/shared-mem@0: role: \"frames\" has an owner already"));
    w = sound, w.domains[0].views[0].role = "friend";
    EXPECT(refuses(&w, "/chosen/ui/shared-mem@0: role"));
    w = sound, w.domains[1].views[0].place[2] = 0x100000;
    EXPECT(refuses(&w, "/chosen/control/shared-mem@0: xen,shared-mem: not the memory that"));
    w = sound, w.domains[0].views[0].place[1] += 0x800;
    EXPECT(refuses(&w, "/chosen/ui/shared-mem@0: xen,shared-mem"));
    w = sound, w.domains[0].views[0].place[0] = w.domains[1].views[0].place[0] = 0x61000000;
    EXPECT(refuses(&w, "shared memory of frames at 0x61000000 overlap"));
}

/* 10,000 trees with a few bytes changed: an answer, a line for each refusal, and nothing for the sanitisers. */
TEST(survives_mutated_trees)
{
    static _Alignas(8) uint8_t sound[TREE_BYTES];
    struct tree_wishes wishes = with_share();
    memcpy(wishes.domains[0].ends, with_channel().domains[0].ends, sizeof(wishes.domains[0].ends));
    memcpy(wishes.domains[1].ends, with_channel().domains[1].ends, sizeof(wishes.domains[1].ends));
    size_t size = tree_make(&wishes, sound);
    uint32_t refused = 0;

    for (uint32_t round = 0; round < 10000; round++) {
        uint8_t *tree = malloc(size);
        memcpy(tree, sound, size);
        for (uint64_t n = test_random(4) + 1; n != 0; n--) {
            tree[test_random(size)] = (uint8_t)test_random(256);
        }
        if (read_blob(tree, size) != XI_OK) {
            refused++;
            EXPECT(why.line[0] != '\0' && strchr(why.line, '\n') == NULL);
        }
        free(tree);
    }
    EXPECT(refused > 1000 && refused < 10000);
}
