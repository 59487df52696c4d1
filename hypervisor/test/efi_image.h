/* SPDX-License-Identifier: Apache-2.0 */
/* A small image.efi as firmware leaves it in memory: the stub's header, its plan, and the files. */
#pragma once

#include "../efi/plan.h"

#define EFI_IMAGE_BYTES 65536u
#define EFI_IMAGE_ENTRIES 5u

struct efi_image {
    _Alignas(8) struct efi_stub_header header;
    struct plan_header table;
    struct plan_entry entries[EFI_IMAGE_ENTRIES];
    uint8_t files[EFI_IMAGE_BYTES - sizeof(struct efi_stub_header) - sizeof(struct plan_header) -
                  EFI_IMAGE_ENTRIES * sizeof(struct plan_entry)];
};

/* Hypervisor, device tree and a module, whose memory begins at `memory` (a page) with 64 KiB, 64 KiB and a page; a
 * domain's and the board's memory, 16 and 256 pages from there on. */
void efi_image_make(struct efi_image *image, uint64_t memory);
