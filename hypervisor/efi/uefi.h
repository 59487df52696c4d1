/* SPDX-License-Identifier: Apache-2.0 */
/* What the stub uses of UEFI, with the names and the layout of the UEFI specification (2.10): EFI System Table, EFI
 * Boot Services Table, Simple Text Output Protocol, memory services. What is not used keeps its place alone. */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef uint64_t efi_status;
#define EFI_SUCCESS 0u
#define EFI_ERROR_BIT (1ULL << 63)
#define EFI_LOAD_ERROR (EFI_ERROR_BIT | 1)
#define EFI_INVALID_PARAMETER (EFI_ERROR_BIT | 2)
#define EFI_BUFFER_TOO_SMALL (EFI_ERROR_BIT | 5)

#define EFI_PAGE 4096u

typedef void *efi_handle;

/* EFI_ALLOCATE_TYPE: AllocateAddress, the range or nothing. */
#define EFI_ALLOCATE_ADDRESS 2u

/* EFI_MEMORY_TYPE */
enum efi_memory_type {
    EFI_RESERVED = 0,
    EFI_LOADER_CODE,
    EFI_LOADER_DATA,
    EFI_BOOT_SERVICES_CODE,
    EFI_BOOT_SERVICES_DATA,
    EFI_RUNTIME_SERVICES_CODE,
    EFI_RUNTIME_SERVICES_DATA,
    EFI_CONVENTIONAL,
    EFI_UNUSABLE,
    EFI_ACPI_RECLAIM,
    EFI_ACPI_NVS,
    EFI_MMIO,
    EFI_MMIO_PORTS,
    EFI_PAL_CODE,
    EFI_PERSISTENT,
};

/* What GetMemoryMap gives an array of, each `descriptor size` bytes long, which may be more than this. */
struct efi_memory_descriptor {
    uint32_t type;
    uint32_t padding;
    uint64_t start; /* machine address */
    uint64_t virtual_start;
    uint64_t pages; /* of 4 KiB */
    uint64_t attributes;
};

struct efi_text_output {
    void *reset;
    efi_status (*output_string)(struct efi_text_output *this, const uint16_t *text);
};

struct efi_boot_services {
    uint8_t header[24];
    void *raise_tpl;
    void *restore_tpl;
    efi_status (*allocate_pages)(uint32_t how, uint32_t type, uint64_t pages, uint64_t *address);
    efi_status (*free_pages)(uint64_t address, uint64_t pages);
    efi_status (*get_memory_map)(uint64_t *size, void *map, uint64_t *key, uint64_t *descriptor_size,
                                 uint32_t *version);
    efi_status (*allocate_pool)(uint32_t type, uint64_t size, void **buffer);
    efi_status (*free_pool)(void *buffer);
    void *others[19];
    efi_status (*exit_boot_services)(efi_handle image, uint64_t key);
};

struct efi_system_table {
    uint8_t header[24];
    uint16_t *firmware_vendor;
    uint32_t firmware_revision;
    efi_handle console_in_handle;
    void *console_in;
    efi_handle console_out_handle;
    struct efi_text_output *console_out;
    efi_handle standard_error_handle;
    struct efi_text_output *standard_error;
    void *runtime_services;
    struct efi_boot_services *boot_services;
};

_Static_assert(sizeof(struct efi_memory_descriptor) == 40, "EFI_MEMORY_DESCRIPTOR");
_Static_assert(offsetof(struct efi_boot_services, allocate_pages) == 40, "EFI_BOOT_SERVICES");
_Static_assert(offsetof(struct efi_boot_services, exit_boot_services) == 232, "EFI_BOOT_SERVICES");
_Static_assert(offsetof(struct efi_system_table, console_out) == 64, "EFI_SYSTEM_TABLE");
_Static_assert(offsetof(struct efi_system_table, boot_services) == 96, "EFI_SYSTEM_TABLE");
