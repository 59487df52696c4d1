/* SPDX-License-Identifier: Apache-2.0 */
/* What the configuration reader takes from a tree, and how it refuses one. */
#include <stdlib.h>
#include <string.h>

#include "read_config.h"

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

TEST(refuses_a_module_in_more_than_one_piece)
{
    struct tree_wishes wishes = tree_sound();

    wishes.domains[0].kernel_in_two = true;
    EXPECT(refuses(&wishes, "reg: more than one address and size: a module is in one piece"));
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
