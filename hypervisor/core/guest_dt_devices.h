/* SPDX-License-Identifier: Apache-2.0 */
/* What a domain's partial tree (docs/misc/arm/passthrough.txt) adds to the guest's. */
#pragma once

#include <stdint.h>

#include <xi/fdt.h>
#include <xi/fdt_write.h>

/* The phandle by which nodes of the partial tree mean the guest's interrupt controller: that of its /gic, which only stands
 * for it. Without one, and where `devices` is NULL, GUEST_PHANDLE_GIC of xen/include/public/arch-arm.h. */
uint32_t guest_dt_gic_phandle(const struct fdt *devices);
/* /aliases and /passthrough, without the properties that are meant for the hypervisor. */
void guest_dt_copy_devices(struct fdt_writer *writer, const struct fdt *devices);
