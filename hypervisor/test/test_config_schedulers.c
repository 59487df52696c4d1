/* SPDX-License-Identifier: Apache-2.0 */
/* The CPUs of a system: pools, their schedulers, and what these promise to domains. */
#define _GNU_SOURCE /* memmem */
#include <stdio.h>
#include <string.h>

#include "read_config.h"

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
