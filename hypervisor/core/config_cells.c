/* SPDX-License-Identifier: Apache-2.0 */
/* How many cells the addresses and sizes of a node's children have (Devicetree Specification 0.4, 2.3.5): each count is
 * one cell. Of one that is not, the default would be taken, and with it other memory than the tree means. */
#include <stddef.h>
#include <stdint.h>

#include "config_reader.h"

xi_err config_check_cells(const struct config_reader *reader)
{
    static const char *const names[] = {"#address-cells", "#size-cells"};
    const struct fdt *fdt = &reader->fdt;
    uint32_t cells;

    for (fdt_node node = fdt_root(fdt); node != FDT_NONE; node = fdt_next(fdt, node)) {
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
            if (fdt_has(fdt, node, names[i]) && !fdt_u32(fdt, node, names[i], &cells)) {
                return config_refuse(reader, node, names[i], "not one cell");
            }
        }
    }
    return XI_OK;
}
