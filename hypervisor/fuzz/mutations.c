/* SPDX-License-Identifier: Apache-2.0 */
/* mutations TREE COUNT: writes COUNT mutations of a sound device tree into the current folder, <seed>.dtb, and a line
 * for each, "<seed> what". Left out are those of which the core could not say a word: no readable tree, or another
 * console port. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xi/config.h>

#include "tree_mutator.h"

#define MAX_TREE 0x20000u

static _Alignas(8) uint8_t sound[MAX_TREE];
static struct system_config config;

static struct config_uart console_of(const uint8_t *tree, size_t size)
{
    const struct image image = {.range = {{0x40200000}, 0x200000}, .link = {0x40200000}};
    struct config_error why;

    memset(&config, 0, sizeof(config));
    (void)(config_read(tree, size, &image, (pa_t){0}, 0, &config, &why) == XI_OK);
    return config.machine.uart;
}

static void must(bool holds, const char *what)
{
    if (!holds) {
        perror(what);
        exit(1);
    }
}

static void write_file(uint64_t seed, const struct mutation *mutation)
{
    char name[32];

    (void)snprintf(name, sizeof(name), "%llu.dtb", (unsigned long long)seed);
    FILE *file = fopen(name, "wb");
    must(file != NULL && fwrite(mutation->tree, 1, mutation->size, file) == mutation->size && fclose(file) == 0, name);
    (void)printf("%llu %s\n", (unsigned long long)seed, mutation->what);
}

int main(int count, char **arguments)
{
    must(count == 3, "usage: mutations TREE COUNT");
    FILE *file = fopen(arguments[1], "rb");
    must(file != NULL, arguments[1]);
    size_t size = fread(sound, 1, sizeof(sound), file);
    (void)fclose(file);
    const struct config_uart console = console_of(sound, size);

    uint64_t left = strtoull(arguments[2], NULL, 10);
    for (uint64_t seed = 0; left != 0; seed++) {
        struct mutation mutation;
        tree_mutate(sound, seed, &mutation);
        const struct config_uart uart = console_of(mutation.tree, mutation.size);
        if (uart.registers.start.pa == console.registers.start.pa && uart.registers.size == console.registers.size) {
            write_file(seed, &mutation);
            left--;
        }
    }
    return 0;
}
