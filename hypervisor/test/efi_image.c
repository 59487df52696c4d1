/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "efi_image.h"

void efi_image_make(struct efi_image *image, uint64_t memory)
{
    static const struct {
        const char *name;
        uint32_t kind;
        uint64_t offset, size, destination, memory;
    } wanted[EFI_IMAGE_ENTRIES] = {
        {"hypervisor", PLAN_HYPERVISOR, 0x1000, 0x2001, 0x0, 0x10000},
        {"device tree", PLAN_TREE, 0x4000, 0x100, 0x10000, 0x10000},
        {"ui/kernel", PLAN_MODULE, 0x5000, 0xfff, 0x20000, 0xfff},
        {"domain ui", PLAN_CLAIM, 0, 0, 0x30000, 0x10000},
        {"RAM", PLAN_RAM, 0, 0, 0x0, 0x100000},
    };

    memset(image, 0, sizeof(*image));
    for (size_t i = 0; i < sizeof(image->files); i++) {
        image->files[i] = (uint8_t)(i * 7 + 1);
    }
    image->header = (struct efi_stub_header){.magic = EFI_STUB_MAGIC,
                                             .version = 1,
                                             .header_size = 64,
                                             .text_size = 64,
                                             .image_size = sizeof(*image),
                                             .plan_offset = offsetof(struct efi_image, table),
                                             .plan_size = sizeof(image->table) + sizeof(image->entries)};
    image->table = (struct plan_header){
        .magic = PLAN_MAGIC, .version = 1, .header_size = 24, .entry_size = 112, .count = EFI_IMAGE_ENTRIES};
    for (uint32_t i = 0; i < EFI_IMAGE_ENTRIES; i++) {
        struct plan_entry *entry = &image->entries[i];
        entry->kind = wanted[i].kind;
        entry->source = wanted[i].offset;
        entry->size = wanted[i].size;
        entry->destination = memory + wanted[i].destination;
        entry->memory = wanted[i].memory;
        snprintf(entry->name, sizeof(entry->name), "%s", wanted[i].name);
    }
}
