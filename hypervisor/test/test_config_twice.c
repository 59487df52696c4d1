/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in a tree twice is refused: nobody knows which of the two is meant. */
#include <string.h>

#include <xi/config.h>

#include "test.h"
#include "tree_maker.h"

static struct system_config config;
static struct config_error why;
static const struct image bare = {.range = {{0x40200000}, 0x100000}, .link = {0x40200000}};

static xi_err read_wishes(const struct tree_wishes *wishes)
{
    static _Alignas(8) uint8_t tree[TREE_BYTES];

    memset(&why, 0, sizeof(why));
    return config_read(tree, tree_make(wishes, tree), &bare, (pa_t){0x40400000}, 0x80000000, &config, &why);
}

static bool refuses(const struct tree_wishes *wishes, const char *line)
{
    return read_wishes(wishes) == XI_ERR_SYNTAX && strstr(why.line, line) != NULL;
}

TEST(refuses_a_property_that_a_node_has_twice)
{
    struct tree_wishes wishes = tree_sound();

    wishes.domains[0].memory_twice = true;
    EXPECT(refuses(&wishes, "/chosen/ui: memory: stands there twice"));
}

TEST(refuses_two_nodes_of_one_name)
{
    struct tree_wishes wishes = tree_sound();

    wishes.domains[1].name = wishes.domains[0].name;
    EXPECT(refuses(&wishes, "/chosen/ui: name: two nodes have it"));
}

TEST(refuses_a_phandle_that_another_node_has_as_well)
{
    struct tree_wishes wishes = tree_sound();

    wishes.pool_cpus[0][0] = 1;
    EXPECT(read_wishes(&wishes) == XI_OK);
    wishes.stray_phandle = TREE_CPU + 1;
    EXPECT(refuses(&wishes, "/cpus/cpu@1: phandle: stray has it as well"));
    wishes.stray_phandle = TREE_POOL;
    EXPECT(refuses(&wishes, "/chosen/cpupool@0: phandle: stray has it as well"));
}

TEST(refuses_an_end_of_a_channel_whose_phandle_another_node_has_as_well)
{
    struct tree_wishes wishes = tree_sound();

    wishes.domains[0].enhanced = wishes.domains[1].enhanced = "no-xenstore";
    wishes.domains[0].ends[0].port = wishes.domains[1].ends[0].port = 5;
    wishes.domains[0].ends[0].phandle = wishes.domains[1].ends[0].target = 0x200;
    wishes.domains[1].ends[0].phandle = wishes.domains[0].ends[0].target = 0x201;
    EXPECT(read_wishes(&wishes) == XI_OK && config.channel_count == 1);
    wishes.domains[1].ends[1].port = 12;
    wishes.domains[1].ends[1].phandle = 0x201, wishes.domains[1].ends[1].target = 0x200;
    EXPECT(refuses(&wishes, "has it as well"));
}

