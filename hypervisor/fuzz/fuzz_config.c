/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the system's device tree: refused with one line, or taken with every promise kept. */
#include <stdlib.h>
#include <string.h>

#include <xi/config.h>
#include <xi/fdt.h>

static struct system_config config;
static struct page_heap heap;

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void walk(const struct fdt *fdt)
{
    char path[64];
    uint64_t address, size;

    for (fdt_node node = fdt_root(fdt); node != FDT_NONE; node = fdt_next(fdt, node)) {
        check(strlen(fdt_path(fdt, node, path, sizeof(path))) < sizeof(path));
        (void)fdt_reg(fdt, node, 0, &address, &size);
        (void)fdt_string(fdt, node, "compatible");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct image image = {.range = {{0x40200000}, 0x100000}, .link = {0x40200000}};
    struct config_error why = {{0}};
    struct fdt fdt;
    /* Of its own size, so that the sanitiser sees every read behind it. */
    uint8_t *blob = aligned_alloc(8, (size + 7) & ~(size_t)7);

    memcpy(blob, data, size);
    if (fdt_open(blob, size, &fdt) == XI_OK) {
        walk(&fdt);
    }
    if (config_read(blob, size, &image, (pa_t){0x40400000}, 0, &config, &why) != XI_OK) {
        check(why.line[0] != '\0' && strchr(why.line, '\n') == NULL);
    } else {
        check(config.domain_count >= 1 && config.pool_count >= 1 && config.machine.cpu_count >= 1);
        check(config.machine.cpus[0].pool == 0);
        check(config_fill_heap(&config, &image, &heap) == XI_OK);
    }
    free(blob);
    return 0;
}
