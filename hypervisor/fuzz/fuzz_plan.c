/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an image.efi in memory, its plan checked: what is accepted can be followed without leaving the image. */
#include <stdlib.h>
#include <string.h>

#include "../efi/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct plan plan;
    struct plan_fault fault;
    unsigned sum = 0;

    if (size < sizeof(struct efi_stub_header)) {
        return 0;
    }
    uint8_t *copy = malloc(size);
    memcpy(copy, data, size);
    struct efi_stub_header *header = (void *)copy;
    /* Firmware has loaded all of the image, whatever the header says. */
    header->image_size = size;
    if (plan_open(header, &plan, &fault)) {
        for (uint32_t i = 0; i < plan.count; i++) {
            const struct plan_entry *entry = &plan.entries[i];
            if (plan_is_file(entry)) {
                sum += plan.image[entry->source] + plan.image[entry->source + entry->size - 1];
            }
            if (entry->destination + plan_pages(entry) * 4096 < entry->destination) {
                abort();
            }
        }
    } else if (fault.rule == NULL) {
        abort();
    }
    free(copy);
    (void)sum;
    return 0;
}
