/* SPDX-License-Identifier: Apache-2.0 */
#include <xi/range.h>
#include <xi/string.h>

#include "memory_map.h"

/* Descriptors of other firmware may lie anywhere and be longer than ours. */
static bool next(const struct memory_map *map, uint64_t *at, struct efi_memory_descriptor *found)
{
    if (map->descriptor_size < sizeof(*found) || !range_fits(*at, map->descriptor_size, map->size)) {
        return false;
    }
    memcpy(found, map->descriptors + *at, sizeof(*found));
    *at += map->descriptor_size;
    return true;
}

/* The descriptor that has `address`; whatever else it says, it ends above that. */
static bool find(const struct memory_map *map, uint64_t address, struct efi_memory_descriptor *found)
{
    for (uint64_t at = 0; next(map, &at, found);) {
        if (found->pages <= UINT64_MAX / EFI_PAGE && range_fits(found->start, found->pages * EFI_PAGE, UINT64_MAX) &&
            range_contains(found->start, found->pages * EFI_PAGE, address, 1)) {
            return true;
        }
    }
    return false;
}

static bool is_for(uint32_t type, enum memory_use use)
{
    switch (type) {
    case EFI_CONVENTIONAL:
        return true;
    case EFI_LOADER_CODE:
    case EFI_LOADER_DATA:
    case EFI_BOOT_SERVICES_CODE:
    case EFI_BOOT_SERVICES_DATA:
        return use != MEMORY_NOW;
    case EFI_RUNTIME_SERVICES_CODE:
    case EFI_RUNTIME_SERVICES_DATA:
    case EFI_ACPI_RECLAIM:
    case EFI_ACPI_NVS:
        return use == MEMORY_THERE;
    default:
        return false;
    }
}

bool memory_is(const struct memory_map *map, uint64_t start, uint64_t size, enum memory_use use,
               struct memory_obstacle *obstacle)
{
    struct efi_memory_descriptor found;
    uint64_t end = start + size;

    for (uint64_t at = start; at < end; at = found.start + found.pages * EFI_PAGE) {
        if (!find(map, at, &found)) {
            *obstacle = (struct memory_obstacle){.at = at, .type = MEMORY_HOLE};
            return false;
        }
        if (!is_for(found.type, use)) {
            *obstacle = (struct memory_obstacle){.at = at, .type = found.type};
            return false;
        }
    }
    return true;
}

const char *memory_type_text(uint32_t type)
{
    switch (type) {
    case EFI_RESERVED:
        return "reserved";
    case EFI_LOADER_CODE:
    case EFI_LOADER_DATA:
        return "a loader's";
    case EFI_BOOT_SERVICES_CODE:
    case EFI_BOOT_SERVICES_DATA:
        return "boot services'";
    case EFI_RUNTIME_SERVICES_CODE:
    case EFI_RUNTIME_SERVICES_DATA:
        return "runtime services'";
    case EFI_CONVENTIONAL:
        return "free";
    case EFI_ACPI_RECLAIM:
    case EFI_ACPI_NVS:
        return "ACPI's";
    case MEMORY_HOLE:
        return "no memory";
    default:
        return "not RAM for use";
    }
}
