/* SPDX-License-Identifier: Apache-2.0 */
/* The order in which the system starts. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/boot.h>
#include <xi/check.h>
#include <xi/config.h>
#include <xi/console.h>
#include <xi/fdt.h>
#include <xi/firmware.h>
#include <xi/image.h>
#include <xi/pages.h>
#include <xi/print.h>
#include <xi/stage2.h>
#include <xi/uart.h>
#include <xi/verify.h>

#include "start.h"

#define VERSION "0.1.0"

static struct image image;
static struct system_config config;
static struct page_heap heap;
static bool started; /* what fails from here on is not the device tree's word against the machine */

void core_halt(void)
{
    console_drain();
    arch_park();
}

void core_stop(const char *why, ...)
{
    struct config_error error;
    va_list arguments;

    va_start(arguments, why);
    xi_vsnprintf(error.line, sizeof(error.line), why, arguments);
    va_end(arguments);
    xi_log("error: %s", error.line);
    core_halt();
}

void core_no_answer(pa_t at)
{
    if (started) {
        return;
    }
    core_stop("%s: reg: nothing answers at 0x%llx", config_who_has(&config.machine, at), (unsigned long long)at.pa);
}

void core_no_firmware(void)
{
    if (started) {
        return;
    }
    core_stop("/psci: method: no firmware answers calls by %s", config.machine.psci_hvc ? "HVC" : "SMC");
}

/* Maps the device tree and the table behind it; the tree's machine range. Outside RAM too: a loader may keep it in flash. */
static struct pa_range find_tree(const struct boot_info *boot)
{
    struct pa_range tree;

    if (image_open(arch_boot_header(), boot->load, boot->core_size, &image) != XI_OK) {
        arch_park(); /* nobody to tell: there is no console without a tree */
    }
    tree = image.dtb;
    if (!image.linked) {
        const uint64_t first = xi_align_down(boot->loader_dtb.pa, XI_PAGE);
        if (boot->loader_dtb.pa == 0 || boot->loader_dtb.pa % 8 != 0 ||
            arch_map_ram((pa_t){first}, XI_PAGE) != XI_OK) {
            arch_park();
        }
        /* totalsize: the second word of the header, in the same page because of the alignment */
        uint32_t size = xi_read_be32((const uint8_t *)arch_pa_to_va(boot->loader_dtb) + 4);
        tree = (struct pa_range){boot->loader_dtb, size < FDT_MAX_SIZE ? size : FDT_MAX_SIZE};
    }
    uint64_t first = xi_align_down(tree.start.pa, XI_PAGE);
    const struct pa_range last = image.linked ? image.table : tree;
    if (arch_map_ram((pa_t){first}, xi_align_up(last.start.pa + last.size, XI_PAGE) - first) != XI_OK) {
        arch_park();
    }
    return tree;
}

static xi_err map_memory(const void *blob, size_t size, struct config_error *why)
{
    xi_err err = config_read_memory(blob, size, &config.machine, why);

    for (uint32_t i = 0; err == XI_OK && i < config.machine.memory_count; i++) {
        const struct pa_range *m = &config.machine.memory[i];
        uint64_t first = xi_align_up(m->start.pa, XI_PAGE);
        uint64_t end = xi_align_down(m->start.pa + m->size, XI_PAGE);
        if (end > first && arch_map_ram((pa_t){first}, end - first) != XI_OK) {
            (void)xi_snprintf(why->line, sizeof(why->line), "/memory: reg: more than the core can map");
            err = XI_ERR_NO_SPACE;
        }
    }
    return err;
}

static void attach_console(void)
{
    const struct config_uart *uart = &config.machine.uart;
    const struct uart_ops *driver = uart->kind == CONFIG_UART_CADENCE ? &cadence_uart : &pl011;

    if (uart->registers.size != 0 && driver->init(uart->registers.start, uart->registers.size) == XI_OK) {
        console_attach(driver);
    }
}

/* What is wrong is said once it is known where the console is: a damaged tree, too, is looked at for that alone. */
static void read_config(struct pa_range tree)
{
    const void *blob = arch_pa_to_va(tree.start);
    struct config_error damage, memory, rest;
    xi_err whole = verify_tree(&image, &damage);
    xi_err mapped = map_memory(blob, tree.size, &memory);
    xi_err read = config_read(blob, tree.size, &image, tree.start, arch_mpidr(), &config, &rest);

    attach_console();
    if (whole != XI_OK) {
        core_stop("%s", damage.line);
    }
    if (mapped != XI_OK) {
        core_stop("%s", memory.line);
    }
    if (read == XI_OK) {
        read = verify_modules(&image, &config, &rest);
    }
    if (read == XI_OK) {
        read = config_read_devices(blob, tree.size, &config, &rest);
    }
    if (read != XI_OK) {
        core_stop("%s", rest.line);
    }
}

static void log_range(const char *what, uint32_t index, const struct pa_range *range)
{
    xi_log("%s[%u] 0x%012llx-0x%012llx (%lluKB)", what, index, (unsigned long long)range->start.pa,
           (unsigned long long)(range->start.pa + range->size), (unsigned long long)(range->size >> 10));
}

static void log_machine(void)
{
    const struct config_machine *m = &config.machine;

    xi_log("xenimg core " VERSION ", arm64");
    xi_log("image 0x%012llx-0x%012llx, device tree %s", (unsigned long long)image.range.start.pa,
           (unsigned long long)(image.range.start.pa + image.range.size), image.linked ? "inside" : "from the loader");
    if (config.has_rollback) {
        xi_log("rollback index %u", config.rollback);
    }
    for (uint32_t i = 0; i < m->memory_count; i++) {
        log_range("RAM", i, &m->memory[i]);
    }
    for (uint32_t i = 0; i < m->reserved_count; i++) {
        log_range("RESERVED", i, &m->reserved[i]);
    }
    for (uint32_t i = 0; i < config.heap_count; i++) {
        log_range("HEAP", i, &config.heap[i]);
    }
}

void core_main(const struct boot_info *boot)
{
    struct config_error why;

    console_init();
    struct pa_range tree = find_tree(boot);
    read_config(tree);
    log_machine();
    cpus_start(&config.machine);
    if (config_fill_heap(&config, &image, stage2_address_bits(), &heap) != XI_OK) {
        core_stop("/memory: reg: too many pieces");
    }
    if (config_place_shares(&config, &heap, &why) != XI_OK) {
        core_stop("%s", why.line);
    }
    domains_build(&config, &heap);
    domains_start();
    console_start_input(config.machine.uart.intid);
    started = true;
    cpus_run();
}
