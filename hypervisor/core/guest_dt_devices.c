/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/string.h>

#include "guest_dt_devices.h"

#define GUEST_PHANDLE_GIC 0xfde8u

uint32_t guest_dt_gic_phandle(const struct fdt *devices)
{
    fdt_node gic = devices == NULL ? FDT_NONE : fdt_child(devices, fdt_root(devices), "gic");
    uint32_t phandle = 0;

    if (gic != FDT_NONE && !fdt_u32(devices, gic, "phandle", &phandle)) {
        (void)fdt_u32(devices, gic, "linux,phandle", &phandle);
    }
    return phandle == 0 ? GUEST_PHANDLE_GIC : phandle;
}

static bool is_for_hypervisor(const char *name)
{
    static const char *const names[] = {"xen,reg", "xen,path", "xen,force-assign-without-iommu"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* As deep as fdt_open lets a tree be. */
static void copy(struct fdt_writer *w, const struct fdt *fdt, fdt_node node)
{
    struct fdt_property property;

    fdt_write_node(w, fdt_name(fdt, node));
    for (bool more = fdt_next_property(fdt, node, NULL, &property); more;
         more = fdt_next_property(fdt, node, &property, &property)) {
        if (!is_for_hypervisor(property.name)) {
            fdt_write_property(w, property.name, property.value, property.size);
        }
    }
    for (fdt_node child = fdt_first_child(fdt, node); child != FDT_NONE; child = fdt_next_sibling(fdt, child)) {
        copy(w, fdt, child);
    }
    fdt_write_end_node(w);
}

void guest_dt_copy_devices(struct fdt_writer *w, const struct fdt *devices)
{
    static const char *const names[] = {"aliases", "passthrough"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        fdt_node node = fdt_child(devices, fdt_root(devices), names[i]);
        if (node != FDT_NONE) {
            copy(w, devices, node);
        }
    }
}
