/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the system's device tree: refused with one line, or taken with every promise kept. */
#include <stdlib.h>
#include <string.h>

#include <xi/config.h>
#include <xi/fdt.h>

static struct system_config config;
static struct page_heap heap;
static const struct image bare = {.range = {{0x40200000}, 0x100000}, .link = {0x40200000}};
static const struct image linked = {.range = {{0x70000000}, 0x3000000}, .linked = true, .link = {0x40200000}};

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

/* Nobody's memory is anybody else's. */
static void check_owners(const struct image *image)
{
    check(config_fill_heap(&config, image, 48, &heap) == XI_OK);
    for (uint32_t i = 0; i < config.static_bank_count; i++) {
        check(!pa_range_overlaps(config.static_banks[i], image->range));
        for (uint32_t j = 0; j < heap.count; j++) {
            check(!pa_range_overlaps(config.static_banks[i], heap.free[j]));
        }
        for (uint32_t j = 0; j < i; j++) {
            check(!pa_range_overlaps(config.static_banks[i], config.static_banks[j]));
        }
    }
}

static void read_as(const struct image *image, const uint8_t *blob, size_t size)
{
    struct config_error why = {{0}};

    if (config_read(blob, size, image, (pa_t){0x40400000}, 0, &config, &why) != XI_OK) {
        check(why.line[0] != '\0' && strchr(why.line, '\n') == NULL);
        return;
    }
    check(config.domain_count >= 1 && config.pool_count >= 1 && config.machine.cpu_count >= 1);
    check(config.machine.cpus[0].pool == 0);
    check_owners(image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fdt fdt;
    /* Of its very size, so that the sanitiser sees every read behind it. */
    uint8_t *blob = malloc(size == 0 ? 1 : size);

    memcpy(blob, data, size);
    if (fdt_open(blob, size, &fdt) == XI_OK) {
        walk(&fdt);
    }
    read_as(&bare, blob, size);
    read_as(&linked, blob, size);
    free(blob);
    return 0;
}
