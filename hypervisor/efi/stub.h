/* SPDX-License-Identifier: Apache-2.0 */
/* The EFI application: loads what its plan says and starts the hypervisor. */
#pragma once

#include "plan.h"
#include "uefi.h"

/* Returns only where it refuses: with a line on the console, memory given back, and EFI_LOAD_ERROR. */
efi_status stub_main(efi_handle image, struct efi_system_table *system, const struct efi_stub_header *header);
