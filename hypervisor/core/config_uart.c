/* SPDX-License-Identifier: Apache-2.0 */
/* The console port: which of the machine's UARTs the core prints to. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/string.h>

#include "config_reader.h"

#define FIRST_SPI 32u
#define INTERRUPT_CELLS 3u
#define MAX_UART_PATH 128u
#define UART_REGISTERS 0x48u /* PL011 up to UARTDMACR (Arm DDI 0183), without its identification */

/* Binding documents pl011.yaml, arm,sbsa-uart.yaml and cdns,uart.yaml. */
static bool is_known_uart(const struct fdt *fdt, fdt_node node, enum config_uart_kind *kind)
{
    static const struct {
        const char *compatible;
        enum config_uart_kind kind;
    } known[] = {
        {"arm,pl011", CONFIG_UART_PL011},
        {"arm,sbsa-uart", CONFIG_UART_PL011},
        {"cdns,uart-r1p12", CONFIG_UART_CADENCE},
        {"xlnx,xuartps", CONFIG_UART_CADENCE},
    };

    for (uint32_t i = 0; i < sizeof(known) / sizeof(known[0]) && node != FDT_NONE; i++) {
        if (fdt_is_compatible(fdt, node, known[i].compatible)) {
            *kind = known[i].kind;
            return true;
        }
    }
    return false;
}

/* The node that the last dtuart= of Xen's command line names, by path or alias. */
static fdt_node uart_of_bootargs(const struct fdt *fdt, const char *bootargs)
{
    char path[MAX_UART_PATH];
    size_t length;
    const char *value = config_option(bootargs, "dtuart=", &length);

    if (value == NULL || length >= sizeof(path)) {
        return FDT_NONE;
    }
    memcpy(path, value, length);
    path[length] = '\0';
    return fdt_find(fdt, path);
}

static fdt_node first_uart(const struct fdt *fdt, enum config_uart_kind *kind)
{
    for (fdt_node node = fdt_root(fdt); node != FDT_NONE; node = fdt_next(fdt, node)) {
        if (is_known_uart(fdt, node, kind) && fdt_is_available(fdt, node)) {
            return node;
        }
    }
    return FDT_NONE;
}

/* What the command line says, else /chosen/stdout-path, else the first port that we know. */
void config_read_uart(struct config_reader *reader)
{
    const struct fdt *fdt = &reader->fdt;
    struct config_uart *uart = &reader->config->machine.uart;
    fdt_node chosen = fdt_find(fdt, "/chosen");
    const char *path = chosen == FDT_NONE ? NULL : fdt_string(fdt, chosen, "stdout-path");
    fdt_node node = uart_of_bootargs(fdt, reader->config->bootargs);
    struct fdt_property interrupts;

    if (!is_known_uart(fdt, node, &uart->kind)) {
        node = path == NULL ? FDT_NONE : fdt_find(fdt, path);
    }
    if (!is_known_uart(fdt, node, &uart->kind)) {
        node = first_uart(fdt, &uart->kind);
    }
    struct pa_range registers;
    if (node == FDT_NONE || !config_reg(reader, node, 0, &registers) || registers.size < UART_REGISTERS ||
        !xi_is_aligned(registers.start.pa, sizeof(uint32_t))) {
        return;
    }
    uart->registers = registers;
    config_keep_path(reader, node, uart->path);
    if (fdt_property(fdt, node, "interrupts", &interrupts) && interrupts.size >= 4 * INTERRUPT_CELLS &&
        xi_read_be32(interrupts.value) == 0 && xi_read_be32(interrupts.value + 4) < CONFIG_MAX_SPIS) {
        uart->intid = FIRST_SPI + xi_read_be32(interrupts.value + 4);
    }
}
