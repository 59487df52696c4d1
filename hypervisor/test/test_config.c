/* SPDX-License-Identifier: Apache-2.0 */
/* What the configuration reader takes from a tree, and how it refuses one. */
#define _GNU_SOURCE /* memmem */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xi/config.h>
#include <xi/fdt.h>

#include "test.h"
#include "tree_maker.h"

#define LOAD 0x40200000ull

static struct system_config config;
static struct config_error why;
static const struct image bare = {.range = {{LOAD}, 0x100000}, .link = {LOAD}};

/* The tree lies between image and modules. */
static xi_err read_blob(const uint8_t *blob, size_t size)
{
    memset(&why, 0, sizeof(why));
    return config_read(blob, size, &bare, (pa_t){0x40400000}, 0x80000000, &config, &why);
}

static xi_err read_wishes(const struct tree_wishes *wishes)
{
    static _Alignas(8) uint8_t tree[TREE_BYTES];

    return read_blob(tree, tree_make(wishes, tree));
}

static bool refuses(const struct tree_wishes *wishes, const char *line)
{
    return read_wishes(wishes) == XI_ERR_SYNTAX && strstr(why.line, line) != NULL && strchr(why.line, '\n') == NULL;
}

TEST(takes_the_machine_from_the_boards_nodes)
{
    struct tree_wishes wishes = tree_sound();
    const struct config_machine *machine = &config.machine;

    EXPECT(read_wishes(&wishes) == XI_OK);
    EXPECT(machine->cpu_count == 4 && machine->cpus[0].mpidr == 0 && machine->cpus[3].mpidr == 3);
    EXPECT(machine->psci && !machine->psci_hvc);
    EXPECT(machine->gic.version == 3 && machine->gic.distributor.start.pa == 0x8000000);
    EXPECT(machine->gic.redistributor_count == 1 && machine->gic.redistributors[0].size == 0xf60000);
    EXPECT(machine->uart.registers.start.pa == 0x9000000 && machine->uart.intid == 33);
    EXPECT(machine->memory_count == 1 && machine->memory[0].size == 0x80000000);
    EXPECT(strcmp((const char *)machine->cpu_compatible, "arm,cortex-a57") == 0);
}

TEST(takes_domains_in_the_order_of_their_nodes)
{
    struct tree_wishes wishes = tree_sound();

    EXPECT(read_wishes(&wishes) == XI_OK);
    EXPECT(config.domain_count == 2);
    EXPECT(strcmp(config.domains[0].name, "ui") == 0 && config.domains[0].memory == 64ull << 20);
    EXPECT(config.domains[0].cpus == 2 && config.domains[0].vpl011 && config.domains[0].bank_count == 0);
    EXPECT(config.domains[1].bank_count == 1 && config.static_banks[config.domains[1].bank_first].size == 0x2000000);
    EXPECT(config.domains[1].kernel.file.start.pa == 0x42000000 && config.domains[1].ramdisk.file.size == 0x1000);
    EXPECT(strcmp(config.domains[1].bootargs, "console=ttyAMA0") == 0);
}

TEST(finds_modules_of_a_linked_image_where_the_image_is)
{
    static _Alignas(8) uint8_t tree[TREE_BYTES];
    struct tree_wishes wishes = tree_sound();
    const struct image linked = {.range = {{0x70000000}, 0x3000000}, .linked = true, .link = {LOAD}};

    EXPECT(config_read(tree, tree_make(&wishes, tree), &linked, (pa_t){0}, 0, &config, &why) == XI_OK);
    EXPECT(config.domains[0].kernel.file.start.pa == 0x70000000 + (0x41000000 - LOAD));
}

TEST(makes_the_boot_cpus_pool_the_first_and_a_pool_of_what_is_left)
{
    struct tree_wishes wishes = tree_sound();

    wishes.pool_cpus[0][0] = 3;
    wishes.pool_cpus[1][0] = 1;
    wishes.scheduler = "null";
    wishes.domains[0].pool = 1, wishes.domains[0].cpus = 1;
    EXPECT(read_wishes(&wishes) == XI_OK);
    EXPECT(config.pool_count == 3);
    EXPECT(config.pools[0].cpu_count == 1 && config.pools[0].cpus[0] == 0);
    EXPECT(config.pools[1].cpus[0] == 2 && config.pools[1].scheduler == CONFIG_SCHED_NULL);
    EXPECT(config.pools[2].cpu_count == 2);
    EXPECT(config.domains[0].pool == 1 && config.domains[1].pool == 0);
    for (uint32_t pool = 0; pool < config.pool_count; pool++) {
        for (uint32_t i = 0; i < config.pools[pool].cpu_count; i++) {
            EXPECT(config.machine.cpus[config.pools[pool].cpus[i]].pool == pool);
        }
    }
}

TEST(puts_all_cpus_into_one_pool_without_pools)
{
    struct tree_wishes wishes = tree_sound();

    EXPECT(read_wishes(&wishes) == XI_OK);
    EXPECT(config.pool_count == 1 && config.pools[0].cpu_count == 4);
}

TEST(reads_a_gicv2)
{
    struct tree_wishes wishes = tree_sound();
    const struct config_gic *gic = &config.machine.gic;

    wishes.gic = 2;
    EXPECT(read_wishes(&wishes) == XI_OK);
    EXPECT(gic->version == 2 && gic->cpu_interface.start.pa == 0x8010000 && gic->hyp_interface.start.pa == 0x8030000);
    EXPECT(gic->vcpu_interface.start.pa == 0x8040000 && gic->vcpu_interface.size == 0x2000 && !gic->aliased);
    wishes.gicc_size = 0x20000;
    EXPECT(read_wishes(&wishes) == XI_OK && gic->aliased);
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

TEST(refuses_what_cannot_be_with_one_line_that_names_the_place)
{
    struct tree_wishes sound = tree_sound(), w;

    w = sound, w.domain_count = 0;
    EXPECT(refuses(&w, "/chosen: xen,domain"));
    w = sound, w.domains[0].cpus = 0;
    EXPECT(refuses(&w, "/chosen/ui: cpus"));
    w = sound, w.domains[0].cpus = 129;
    EXPECT(refuses(&w, "/chosen/ui: cpus"));
    w = sound, w.gic = 2, w.domains[0].cpus = 9;
    EXPECT(refuses(&w, "/chosen/ui: cpus"));
    w = sound, w.domains[0].kib = 0;
    EXPECT(refuses(&w, "/chosen/ui: memory"));
    w = sound, w.domains[0].kib = 65537;
    EXPECT(refuses(&w, "/chosen/ui: memory"));
    w = sound, w.domains[1].kib = 4096;
    EXPECT(refuses(&w, "/chosen/control: memory: not the sum"));
    w = sound, w.domains[1].banks[0] += 0x800;
    EXPECT(refuses(&w, "/chosen/control: xen,static-mem: not whole pages"));
    w = sound, w.domains[0].direct_map = true;
    EXPECT(refuses(&w, "/chosen/ui: direct-map"));
    w = sound, w.domains[0].no_kernel = true;
    EXPECT(refuses(&w, "/chosen/ui: multiboot,kernel"));
    w = sound, w.domains[0].extra_modules = 1;
    EXPECT(refuses(&w, "second"));
    w = sound, w.domains[0].kernel[1] = 0;
    EXPECT(refuses(&w, "module@41000000: reg"));
    w = sound, w.domains[0].enhanced = "enabled";
    EXPECT(refuses(&w, "/chosen/ui: xen,enhanced"));
    w = sound, w.domains[0].pool = 2;
    EXPECT(refuses(&w, "/chosen/ui: domain-cpupool"));
    w = sound, w.domains[0].name = "a-name-that-is-longer-than-the-forty-one-characters";
    EXPECT(refuses(&w, "name: not 1 to 41 characters"));
    w = sound, w.gic = 0;
    EXPECT(refuses(&w, "interrupt-controller"));
    w = sound, w.gic = 2, w.gic_regs_missing = 1;
    EXPECT(refuses(&w, "intc@8000000: reg: lacks the CPU, hypervisor or virtual"));
    w = sound, w.gic = 2, w.gicc_size = 0x1000, w.gicv_size = 0x2000;
    EXPECT(refuses(&w, "intc@8000000: reg: a CPU interface of less than 8 KiB"));
    w = sound, w.gic = 2, w.gicv_shift = 0x800;
    EXPECT(refuses(&w, "intc@8000000: reg: a virtual CPU interface that begins within"));
    w = sound, w.gic = 2, w.gicv_size = 0x20000;
    EXPECT(refuses(&w, "intc@8000000: reg: one CPU interface has aliases"));
    w = sound, w.cpus = 0;
    EXPECT(refuses(&w, "/cpus: reg"));
    w = sound, w.twin_cpus = true;
    EXPECT(refuses(&w, "/cpus/cpu@3: reg: another CPU has the same id"));
    w = sound, w.domains[0].spis = 989;
    EXPECT(refuses(&w, "/chosen/ui: nr_spis"));
    w = sound, w.domains[0].spis = 988;
    EXPECT(read_wishes(&w) == XI_OK && config.domains[0].spis == 988);
    w = sound, w.domains[1].colors = "0-3";
    EXPECT(refuses(&w, "/chosen/control: llc-colors: cache colours are not supported"));
    w = sound, w.heap[0] = 0x70001000, w.heap[1] = 0x1000000;
    EXPECT(refuses(&w, "/chosen: xen,static-heap"));
    w = sound, w.pool_cpus[0][0] = 9;
    EXPECT(refuses(&w, "cpupool-cpus: entry 0 is no CPU"));
    w = sound, w.pool_cpus[0][0] = 2, w.pool_cpus[1][0] = 2;
    EXPECT(refuses(&w, "cpupool@1: cpupool-cpus"));
    w = sound, w.pool_cpus[0][0] = 2, w.scheduler = "fifo";
    EXPECT(refuses(&w, "cpupool-sched: no scheduler \"fifo\""));
    w = sound, w.bootargs = "noreboot sched=fifo";
    EXPECT(refuses(&w, "/chosen: xen,xen-bootargs: no scheduler \"fifo\""));
}

TEST(gives_pools_that_name_no_scheduler_the_last_of_the_command_line)
{
    struct tree_wishes w = tree_sound();

    EXPECT(read_wishes(&w) == XI_OK && config.pools[0].scheduler == CONFIG_SCHED_CREDIT2);
    w.bootargs = "sched=null xsched=fifo sched=credit";
    EXPECT(read_wishes(&w) == XI_OK && config.pools[0].scheduler == CONFIG_SCHED_CREDIT2);
    w.bootargs = "sched=fifo sched=null";
    EXPECT(read_wishes(&w) == XI_OK && config.pools[0].scheduler == CONFIG_SCHED_NULL);
    w.pool_cpus[0][0] = 4, w.scheduler = "credit2";
    EXPECT(read_wishes(&w) == XI_OK && config.pools[0].scheduler == CONFIG_SCHED_NULL);
    EXPECT(config.pools[1].scheduler == CONFIG_SCHED_CREDIT2);
}

/* A foreign tree's command line may be written in several lines. */
TEST(takes_any_white_space_between_the_options_of_the_command_line)
{
    static const char separators[] = " \t\n\v\f\r";
    struct tree_wishes w = tree_sound();
    char bootargs[80];

    w.second_uart = "okay";
    for (const char *s = separators; *s != '\0'; s++) {
        (void)snprintf(bootargs, sizeof(bootargs), "noreboot%csched=null%cdtuart=/serial@9000000%cbootscrub=0", *s, *s, *s);
        w.bootargs = bootargs;
        EXPECT(read_wishes(&w) == XI_OK && config.pools[0].scheduler == CONFIG_SCHED_NULL);
        EXPECT(config.machine.uart.registers.start.pa == 0x9000000);
    }
    w.bootargs = "\n\tsched=null\r\n"; /* at the ends, and several at once */
    EXPECT(read_wishes(&w) == XI_OK && config.pools[0].scheduler == CONFIG_SCHED_NULL);
    w.bootargs = "sched=fifo\tsched=null x\bsched=credit2"; /* a control character that separates nothing */
    EXPECT(read_wishes(&w) == XI_OK && config.pools[0].scheduler == CONFIG_SCHED_NULL);
    w.bootargs = "a\nsched=fifo\nb";
    EXPECT(refuses(&w, "/chosen: xen,xen-bootargs: no scheduler \"fifo\""));
}

TEST(refuses_more_vcpus_than_cpus_under_the_null_scheduler)
{
    struct tree_wishes w = tree_sound();

    w.bootargs = "sched=null", w.domains[1].cpus = 2;
    EXPECT(read_wishes(&w) == XI_OK);
    w.domains[1].cpus = 3;
    EXPECT(refuses(&w, "/chosen: cpupool-sched: null has a CPU for each vCPU: 5 vCPUs, 4 CPUs"));
    w.bootargs = "", w.pool_cpus[0][0] = 4, w.scheduler = "null", w.domains[1].pool = 1, w.domains[1].cpus = 1;
    EXPECT(read_wishes(&w) == XI_OK);
    w.domains[0].pool = 1;
    EXPECT(refuses(&w, "/chosen/cpupool@0: cpupool-sched: null has a CPU for each vCPU: 3 vCPUs, 1 CPUs"));
}

TEST(takes_weight_and_cap_where_the_scheduler_is_credit2)
{
    struct tree_wishes sound = tree_sound(), w = sound;

    EXPECT(read_wishes(&w) == XI_OK && config.domains[0].weight == 256 && config.domains[0].cap == 0);
    w.domains[0].weight = 65535, w.domains[1].cap = 150;
    EXPECT(read_wishes(&w) == XI_OK && config.domains[0].weight == 65535 && config.domains[1].cap == 150);
    w = sound, w.domains[0].weight = 65536;
    EXPECT(refuses(&w, "/chosen/ui: xenimg,weight: not 1 to 65535"));
    w = sound, w.domains[0].weight = NO_NUMBER;
    EXPECT(refuses(&w, "/chosen/ui: xenimg,weight: not 1 to 65535"));
    w = sound, w.domains[1].cap = 3201;
    EXPECT(refuses(&w, "/chosen/control: xenimg,cap: not 1 to 3200"));
    w = sound, w.domains[1].cap = 50, w.bootargs = "sched=null";
    EXPECT(refuses(&w, "/chosen/control: xenimg,cap: the scheduler of its pool is not credit2"));
    w.bootargs = "", w.pool_cpus[0][0] = 4, w.scheduler = "null", w.domains[1].pool = 1;
    EXPECT(refuses(&w, "/chosen/control: xenimg,cap: the scheduler of its pool is not credit2"));
    w.domains[1].pool = 0;
    EXPECT(read_wishes(&w) == XI_OK);
}

TEST(takes_budgets_and_periods_that_rtds_can_keep)
{
    struct tree_wishes sound = tree_sound(), w;

    sound.bootargs = "sched=rtds";
    w = sound;
    EXPECT(read_wishes(&w) == XI_OK && config.domains[0].vcpus[1].budget == 4000);
    EXPECT(config.domains[0].vcpus[1].period == 10000);
    w = sound, w.domains[0].budget = 2500, w.domains[0].period = 5000; /* three vCPUs on four CPUs */
    EXPECT(read_wishes(&w) == XI_OK && config.domains[0].vcpus[1].budget == 2500);
    w = sound, w.domains[0].period = 99;
    EXPECT(refuses(&w, "/chosen/ui: xenimg,rtds-period: not 100 to 1000000"));
    w = sound, w.domains[0].budget = 10001;
    EXPECT(refuses(&w, "/chosen/ui: xenimg,rtds-budget: not 10 to 10000"));
    w = sound, w.domains[1].cap = 50;
    EXPECT(refuses(&w, "/chosen/control: xenimg,cap: the scheduler of its pool is not credit2"));
    w = tree_sound(), w.domains[1].budget = 50;
    EXPECT(refuses(&w, "/chosen/control: xenimg,rtds-budget: the scheduler of its pool is not rtds"));
    w = tree_sound(), w.pool_cpus[0][0] = 4, w.scheduler = "rtds", w.domains[0].pool = 1, w.domains[0].budget = 5000;
    EXPECT(read_wishes(&w) == XI_OK);
    w.domains[0].budget = 5001;
    EXPECT(refuses(&w, "/chosen/cpupool@0: cpupool-sched: rtds cannot keep budgets of 0.500 CPUs at most and 1.000 "
                       "together on 1"));
}

TEST(refuses_a_module_in_more_than_one_piece)
{
    struct tree_wishes wishes = tree_sound();

    wishes.domains[0].kernel_in_two = true;
    EXPECT(refuses(&wishes, "reg: more than one address and size: a module is in one piece"));
}

TEST(takes_the_table_of_an_arinc653_pool)
{
    static const char names[] = "control\0\0control"; /* the last one ends with the array */
    struct tree_wishes sound = tree_sound(), w;
    const struct config_schedule *schedule = &config.pools[1].schedule;

    sound.pool_cpus[0][0] = 4, sound.scheduler = "arinc653", sound.domains[1].pool = 1, sound.domains[1].cpus = 2;
    sound.frame = 10000, sound.window_count = 3;
    sound.windows[1] = 2000, sound.windows[3] = 3000, sound.windows[4] = 1, sound.windows[5] = 5000;
    sound.window_domains = names, sound.window_domains_size = sizeof(names);
    w = sound;
    EXPECT(read_wishes(&w) == XI_OK && schedule->window_count == 3 && schedule->frame == 10000);
    EXPECT(schedule->windows[0].domain == 1 && schedule->windows[0].vcpu == 0 && schedule->windows[0].duration == 2000);
    EXPECT(schedule->windows[1].domain == CONFIG_NOBODY && schedule->windows[2].vcpu == 1);
    w = sound, w.frame = 9999;
    EXPECT(refuses(&w, "/chosen/cpupool@0: xenimg,arinc653-windows: 10000 microseconds in a frame of 9999"));
    w = sound, w.frame = 0;
    EXPECT(refuses(&w, "/chosen/cpupool@0: xenimg,arinc653-frame: missing"));
    w = sound, w.window_count = 0;
    EXPECT(refuses(&w, "/chosen/cpupool@0: xenimg,arinc653-windows: missing"));
    w = sound, w.windows[1] = 99;
    EXPECT(refuses(&w, "xenimg,arinc653-windows: window 0 is not 100 to"));
    w = sound, w.windows[4] = 2;
    EXPECT(refuses(&w, "xenimg,arinc653-windows: window 2: no vCPU 2 in \"control\""));
    w = sound, w.windows[4] = 0;
    EXPECT(refuses(&w, "xenimg,arinc653-windows: none for vCPU 1 of \"control\""));
    w = sound, w.window_domains_size = sizeof(names) - 1;
    EXPECT(refuses(&w, "xenimg,arinc653-domains: fewer than windows"));
    w = sound, w.window_count = 2, w.domains[1].cpus = 1;
    EXPECT(refuses(&w, "xenimg,arinc653-domains: more than windows"));
    w = sound, w.window_domains = "nobody\0\0control", w.window_domains_size--;
    EXPECT(refuses(&w, "xenimg,arinc653-domains: no domain \"nobody\" in this pool"));
    w = sound, w.domains[1].pool = 0;
    EXPECT(read_wishes(&w) == XI_OK); /* nobody needs it */
    w = sound, w.pool_cpus[0][1] = 3;
    EXPECT(refuses(&w, "/chosen/cpupool@0: cpupool-cpus: arinc653 has one CPU"));
    w = sound, w.scheduler = "credit2";
    EXPECT(refuses(&w, "xenimg,arinc653-frame: the scheduler is not arinc653"));
    w.frame = 0;
    EXPECT(refuses(&w, "xenimg,arinc653-domains: the scheduler is not arinc653"));
    w.window_count = 0;
    EXPECT(read_wishes(&w) == XI_OK);
}

TEST(takes_the_hard_affinity_of_vcpus)
{
    static const char *const wrong[] = {"", ",", "0,", ",0", "0,,1", "4", "0,4", "0-4", "4-4", "2-1", "-1", "1-", "0-1-2",
                                        "0--1", "0-,1", "a", "0x1", "+1", " 0", "0 ", "0, 1", "0 - 1", "0 1", "0;1",
                                        "4294967296", "0-4294967297", "99999999999", "18446744073709551617"};
    struct tree_wishes sound = tree_sound(), w = sound;

    w.domains[0].vcpus[0].affinity = "0-1,3";
    w.domains[0].vcpus[1].affinity = "2", w.domains[0].vcpus[1].id = 1;
    EXPECT(read_wishes(&w) == XI_OK);
    EXPECT(config.domains[0].vcpus[0].affinity == 0xb && config.domains[0].vcpus[1].affinity == 4);
    EXPECT(config.domains[1].vcpus[0].affinity == 0);
    for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        w = sound, w.domains[0].vcpus[0].affinity = wrong[i];
        EXPECT(refuses(&w, "/chosen/ui/vcpu@0: hard-affinity: not a list of CPUs from 0 to 3"));
    }
    w = sound, w.domains[0].vcpus[0].affinity = "0", w.domains[0].vcpus[0].id = 2;
    EXPECT(refuses(&w, "/chosen/ui/vcpu@0: id: missing, or not 0 to 1"));
    w = sound, w.domains[0].vcpus[0].affinity = w.domains[0].vcpus[1].affinity = "0";
    EXPECT(refuses(&w, "/chosen/ui/vcpu@1: id: another node describes vCPU 0"));
    w = sound, w.pool_cpus[0][0] = 4, w.domains[0].vcpus[0].affinity = "2-3";
    EXPECT(refuses(&w, "/chosen/ui/vcpu@0: hard-affinity: CPU 3 is not in the domain's pool"));
}

TEST(takes_any_list_of_numbers_and_ranges)
{
    static const struct {
        const char *text;
        uint32_t cpus;
    } lists[] = {{"0", 1},        {"31", 1u << 31},       {"0-31", UINT32_MAX},    {"31-31", 1u << 31},
                 {"1-1", 2},      {"0,31", 0x80000001},   {"30-31,0", 0xc0000001}, {"10-12,4", 0x1c10},
                 {"3,2,1,0", 15}, {"0-2,1-3,2,2-2", 15}, {"007", 1u << 7}};
    static const char *const wrong[] = {"32", ":", "1/", "0-32"}; /* '/' and ':' are the digits' neighbours */
    struct tree_wishes w = tree_sound();

    w.cpus = CONFIG_MAX_CPUS;
    for (uint32_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        w.domains[0].vcpus[0].affinity = lists[i].text;
        EXPECT(read_wishes(&w) == XI_OK && config.domains[0].vcpus[0].affinity == lists[i].cpus);
    }
    for (uint32_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        w.domains[0].vcpus[0].affinity = wrong[i];
        EXPECT(refuses(&w, "hard-affinity: not a list of CPUs from 0 to 31"));
    }
    w.cpus = CONFIG_MAX_CPUS + 1; /* the last of which is left alone */
    w.domains[0].vcpus[0].affinity = "32";
    EXPECT(refuses(&w, "hard-affinity: not a list of CPUs from 0 to 31"));
}

TEST(takes_no_affinity_that_is_not_one_string)
{
    static _Alignas(8) uint8_t tree[TREE_BYTES];
    static const char list[] = "0,1,2,2,1,0";
    struct tree_wishes w = tree_sound();

    w.domains[0].vcpus[0].affinity = list;
    const size_t size = tree_make(&w, tree);
    uint8_t *found = memmem(tree, size, list, sizeof(list));
    EXPECT(found != NULL && read_blob(tree, size) == XI_OK);
    found[1] = '\0'; /* two strings */
    EXPECT(read_blob(tree, size) == XI_ERR_SYNTAX);
    EXPECT(strstr(why.line, "hard-affinity: not a list of CPUs from 0 to 3") != NULL);
    found[1] = ',', found[sizeof(list) - 1] = '1'; /* the string does not end */
    EXPECT(read_blob(tree, size) == XI_ERR_SYNTAX);
    EXPECT(strstr(why.line, "hard-affinity: not a list of CPUs from 0 to 3") != NULL);
}

TEST(counts_cpus_in_affinities_from_the_boot_cpu)
{
    static _Alignas(8) uint8_t tree[TREE_BYTES];
    struct tree_wishes w = tree_sound();

    /* The core's order is that of the machine's CPUs 2, 0, 1, 3. */
    w.pool_cpus[0][0] = 3, w.pool_cpus[0][1] = 1, w.domains[0].pool = 1, w.domains[0].vcpus[0].affinity = "0-1";
    EXPECT(config_read(tree, tree_make(&w, tree), &bare, (pa_t){0x40400000}, 2, &config, &why) == XI_OK);
    EXPECT(config.domains[0].vcpus[0].affinity == 3 && config.machine.cpus[0].mpidr == 2);
    w.domains[0].vcpus[0].affinity = "2";
    EXPECT(config_read(tree, tree_make(&w, tree), &bare, (pa_t){0x40400000}, 2, &config, &why) == XI_ERR_SYNTAX);
    EXPECT(strstr(why.line, "hard-affinity: CPU 2 is not in the domain's pool") != NULL);
}

TEST(lets_rtds_keep_more_where_each_vcpu_is_bound_to_a_cpu)
{
    struct tree_wishes w = tree_sound();

    w.bootargs = "sched=rtds", w.domains[1].budget = 10000;
    w.domains[0].vcpus[0].affinity = "1", w.domains[0].vcpus[0].budget = 9000;
    w.domains[0].vcpus[1].affinity = "2", w.domains[0].vcpus[1].budget = 9000, w.domains[0].vcpus[1].id = 1;
    EXPECT(refuses(&w, "rtds needs each vCPU of the pool bound to one CPU, or none to any"));
    w.domains[1].vcpus[0].affinity = "0";
    EXPECT(read_wishes(&w) == XI_OK && config.domains[0].vcpus[1].budget == 9000);
    w.domains[1].vcpus[0].affinity = "2";
    EXPECT(refuses(&w, "cpupool-sched: rtds cannot keep budgets of 1.000 CPUs at most and 2.800 together on 4"));
}

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

TEST(takes_the_console_port_that_the_command_line_names)
{
    struct tree_wishes wishes = tree_sound();
    const struct config_uart *uart = &config.machine.uart;

    wishes.second_uart = "okay";
    EXPECT(read_wishes(&wishes) == XI_OK && uart->registers.start.pa == 0x9040000 && uart->intid == 40);
    wishes.second_uart = "disabled";
    EXPECT(read_wishes(&wishes) == XI_OK && uart->registers.start.pa == 0x9000000 && uart->intid == 33);
    wishes.second_uart = "okay";
    wishes.bootargs = "console=dtuart dtuart=/serial@9000000:115200 loglvl=all";
    EXPECT(read_wishes(&wishes) == XI_OK && uart->registers.start.pa == 0x9000000);
    wishes.second_uart = "disabled";
    wishes.bootargs = "dtuart=serial1";
    EXPECT(read_wishes(&wishes) == XI_OK && uart->registers.start.pa == 0x9040000);
    wishes.bootargs = "dtuart=serial7 nodtuart=serial1";
    EXPECT(read_wishes(&wishes) == XI_OK && uart->registers.start.pa == 0x9000000);
    wishes.second_uart = "okay"; /* and what stdout-path names */
    wishes.bootargs = "dtuart=serial1 loglvl=all dtuart=/serial@9000000 console=dtuart";
    EXPECT(read_wishes(&wishes) == XI_OK && uart->registers.start.pa == 0x9000000);
    wishes.bootargs = "dtuart=/serial@9000000 dtuart=serial1";
    EXPECT(read_wishes(&wishes) == XI_OK && uart->registers.start.pa == 0x9040000);
    wishes.bootargs = "dtuart=/serial@9000000 dtuart=serial7"; /* the last alone, though nothing has that name */
    EXPECT(read_wishes(&wishes) == XI_OK && uart->registers.start.pa == 0x9040000);
}

static bool has(uint64_t at, const char *path)
{
    return strcmp(config_who_has(&config.machine, (pa_t){at}), path) == 0;
}

TEST(knows_whose_registers_do_not_answer)
{
    struct tree_wishes w = tree_sound();

    w.bootargs = "dtuart=/serial@9000000";
    EXPECT(read_wishes(&w) == XI_OK);
    EXPECT(has(0x8000000, "/intc@8000000") && has(0x800ffff, "/intc@8000000")); /* distributor */
    EXPECT(has(0x80a0000, "/intc@8000000") && has(0x8ffffff, "/intc@8000000")); /* redistributors */
    EXPECT(has(0x9000000, "/serial@9000000") && has(0x9000fff, "/serial@9000000"));
    EXPECT(has(0x40000000, "/memory") && has(0xbfffffff, "/memory"));
    EXPECT(has(0x9001000, "device tree") && has(0x8010000, "device tree") && has(0xc0000000, "device tree"));
    w.second_uart = "okay", w.bootargs = "dtuart=serial1", w.gic = 2;
    EXPECT(read_wishes(&w) == XI_OK);
    EXPECT(has(0x9040000, "/serial@9040000") && has(0x9000000, "device tree"));
    EXPECT(has(0x8000000, "/intc@8000000") && has(0x8010000, "/intc@8000000"));
    EXPECT(has(0x8030000, "/intc@8000000") && has(0x8041fff, "/intc@8000000") && has(0x80a0000, "device tree"));
}

TEST(drives_a_console_port_by_what_it_is)
{
    struct tree_wishes wishes = tree_sound();
    const struct config_uart *uart = &config.machine.uart;
    const char *const cadence[] = {"cdns,uart-r1p12", "xlnx,xuartps"};

    wishes.second_uart = "okay";
    wishes.second_uart_is = "arm,sbsa-uart";
    EXPECT(read_wishes(&wishes) == XI_OK && uart->registers.start.pa == 0x9040000 && uart->kind == CONFIG_UART_PL011);
    for (uint32_t i = 0; i < 2; i++) {
        wishes.second_uart_is = cadence[i];
        EXPECT(read_wishes(&wishes) == XI_OK && uart->registers.start.pa == 0x9040000);
        EXPECT(uart->kind == CONFIG_UART_CADENCE && uart->intid == 40);
    }
    wishes.bootargs = "dtuart=/serial@9000000";
    EXPECT(read_wishes(&wishes) == XI_OK && uart->registers.start.pa == 0x9000000 && uart->kind == CONFIG_UART_PL011);
    wishes.bootargs = "dtuart=serial1";
    wishes.second_uart_is = "ns16550a";
    EXPECT(read_wishes(&wishes) == XI_OK && uart->registers.start.pa == 0x9000000 && uart->kind == CONFIG_UART_PL011);
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

TEST(takes_known_words_for_the_xen_interface_and_no_others)
{
    struct tree_wishes wishes = tree_sound();

    wishes.domains[0].enhanced = "no-xenstore";
    EXPECT(read_wishes(&wishes) == XI_OK && config.domains[0].xen == CONFIG_XEN_NO_XENSTORE);
    wishes.domains[0].enhanced = "disabled";
    EXPECT(read_wishes(&wishes) == XI_OK && config.domains[0].xen == CONFIG_XEN_NONE);
    wishes.domains[0].enhanced = "no-xenstor";
    EXPECT(refuses(&wishes, "/chosen/ui: xen,enhanced"));
}

TEST(knows_what_follows_a_shutdown)
{
    struct tree_wishes wishes = tree_sound();

    EXPECT(read_wishes(&wishes) == XI_OK);
    const enum config_action *on = config.domains[0].on;
    EXPECT(on[SHUTDOWN_POWEROFF] == CONFIG_DESTROY && on[SHUTDOWN_RESET] == CONFIG_RESTART);
    EXPECT(on[SHUTDOWN_CRASH] == CONFIG_DESTROY && on[SHUTDOWN_WATCHDOG] == CONFIG_DESTROY);
    wishes.domains[0].on_crash = "restart";
    EXPECT(read_wishes(&wishes) == XI_OK && on[SHUTDOWN_CRASH] == CONFIG_RESTART);
    wishes.domains[0].on_crash = "preserve";
    EXPECT(read_wishes(&wishes) == XI_OK && on[SHUTDOWN_CRASH] == CONFIG_PRESERVE && on[SHUTDOWN_RESET] == CONFIG_RESTART);
    wishes.domains[0].on_crash = "again";
    EXPECT(refuses(&wishes, "/chosen/ui: xenimg,on-crash"));
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

static void make_domains(struct tree_wishes *wishes, uint32_t count, bool share)
{
    static char names[TREE_DOMAINS][8];

    wishes->domain_count = count;
    for (uint32_t i = 0; i < count; i++) {
        names[i][0] = 'd';
        names[i][1] = (char)('a' + i % 26);
        names[i][2] = (char)('a' + i / 26);
        wishes->domains[i] = wishes->domains[0];
        wishes->domains[i].name = names[i];
        wishes->domains[i].kernel[0] = 0x48000000 + (share ? 0 : i * 0x100000ull);
    }
}

TEST(counts_modules_and_domains_as_upstream_does)
{
    struct tree_wishes wishes = tree_sound();

    make_domains(&wishes, 30, false);
    EXPECT(read_wishes(&wishes) == XI_OK && config.domain_count == 30);
    make_domains(&wishes, 31, false);
    EXPECT(refuses(&wishes, "more than 32 boot modules"));
    make_domains(&wishes, 32, true);
    EXPECT(read_wishes(&wishes) == XI_OK && config.domain_count == 32);
    make_domains(&wishes, 33, true);
    EXPECT(refuses(&wishes, "more than 32 domains"));
}

TEST(keeps_its_line_one_line_whatever_the_tree_says)
{
    struct tree_wishes wishes = tree_sound();

    wishes.domains[0].name = "u\ni";
    EXPECT(refuses(&wishes, "/chosen/u?i: name: not made of printable characters"));
    wishes = tree_sound();
    wishes.pool_cpus[0][0] = 1;
    wishes.scheduler = "rr\n(XI) all is well";
    EXPECT(refuses(&wishes, "no scheduler \"rr?(XI) all is well\""));
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

TEST(refuses_command_lines_that_are_too_long)
{
    static char text[1200];
    struct tree_wishes wishes = tree_sound();

    memset(text, 'a', sizeof(text) - 1);
    text[1023] = '\0';
    wishes.bootargs = text;
    EXPECT(read_wishes(&wishes) == XI_OK);
    text[1023] = 'a';
    EXPECT(refuses(&wishes, "/chosen: xen,xen-bootargs"));
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

TEST(knows_the_rollback_index_where_there_is_one)
{
    struct tree_wishes wishes = tree_sound();

    EXPECT(read_wishes(&wishes) == XI_OK && !config.has_rollback);
    wishes.rollback_cells = 1;
    EXPECT(read_wishes(&wishes) == XI_OK && config.has_rollback && config.rollback == 7);
    wishes.rollback_cells = 2;
    EXPECT(refuses(&wishes, "/chosen: xenimg,rollback-index: not one cell"));
    static char long_line[1100];
    memset(long_line, 'a', sizeof(long_line) - 1);
    wishes.bootargs = long_line;
    EXPECT(refuses(&wishes, "/chosen: xen,xen-bootargs: longer")); /* the first fault is the one that is said */
}

TEST(survives_trees_cut_short)
{
    static _Alignas(8) uint8_t sound[TREE_BYTES];
    struct tree_wishes wishes = tree_sound();
    size_t size = tree_make(&wishes, sound);

    for (size_t length = 0; length < size; length += 7) {
        uint8_t *tree = malloc(length == 0 ? 1 : length);
        memcpy(tree, sound, length);
        EXPECT(read_blob(tree, length) == XI_ERR_SYNTAX);
        free(tree);
    }
}
