/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/print.h>
#include <xi/sha256.h>
#include <xi/string.h>
#include <xi/verify.h>

static bool is_whole(struct pa_range range, const uint8_t expected[SHA256_BYTES])
{
    uint8_t digest[SHA256_BYTES];

    sha256(arch_pa_to_va(range.start), range.size, digest);
    return memcmp(digest, expected, SHA256_BYTES) == 0;
}

/* The entry for exactly that range; NULL. */
static const struct xi_image_part *find_part(const struct image *image, struct pa_range range)
{
    const struct xi_image_part *parts = arch_pa_to_va(image->table.start);

    for (size_t i = 0; i < image->table.size / sizeof(*parts); i++) {
        if (parts[i].offset == range.start.pa - image->range.start.pa && parts[i].size == range.size) {
            return &parts[i];
        }
    }
    return NULL;
}

/* What is wrong with a part; NULL. */
static const char *fault_of(const struct image *image, struct pa_range range)
{
    const struct xi_image_part *part = find_part(image, range);

    if (part == NULL) {
        return "not in the image's table";
    }
    return is_whole(range, part->sha256) ? NULL : "SHA-256 differs from the image's table";
}

/* Nothing, where there is no fault. */
static xi_err refuse(struct config_error *why, const char *what, const char *of, const char *kind, struct pa_range range,
                     const char *fault)
{
    if (fault == NULL) {
        return XI_OK;
    }
    (void)xi_snprintf(why->line, sizeof(why->line), "%s%s%s at 0x%llx: %s", what, of, kind,
                      (unsigned long long)range.start.pa, fault);
    return XI_ERR_CHECKSUM;
}

xi_err verify_tree(const struct image *image, struct config_error *why)
{
    const char *fault = NULL;

    if (image->linked) {
        fault = is_whole(image->table, image->table_sha256) ? fault_of(image, image->dtb)
                                                            : "the image's table of parts is damaged";
    }
    return refuse(why, "the device tree", "", "", image->dtb, fault);
}

xi_err verify_modules(const struct image *image, const struct system_config *config, struct config_error *why)
{
    static const char *const kinds[] = {"/kernel", "/ramdisk", "/passthrough"};
    xi_err err = XI_OK;

    for (uint32_t i = 0; i < 3 * config->domain_count && image->linked && err == XI_OK; i++) {
        const struct domain_config *domain = &config->domains[i / 3];
        const struct config_module *files[] = {&domain->kernel, &domain->ramdisk, &domain->devices};
        const struct pa_range file = files[i % 3]->file;
        if (file.size != 0) {
            err = refuse(why, "module ", domain->name, kinds[i % 3], file, fault_of(image, file));
        }
    }
    return err;
}
