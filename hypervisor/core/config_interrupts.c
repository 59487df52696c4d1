/* SPDX-License-Identifier: Apache-2.0 */
/* `interrupts` and `interrupts-extended` (Devicetree Specification 0.4, 2.4), as far as the GIC takes them: three cells, of
 * which the first is the kind, the second the number within it, the third the trigger (Linux' binding arm,gic-v3). */
#include <stddef.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/vgic.h>

#include "config_interrupts.h"
#include "config_reader.h"

#define GIC_CELLS 3u
#define MAX_CELLS 8u
#define FIRST_PPI 16u
#define TRIGGER_EDGES 3u /* rising, falling; 4 and 8 are levels */
enum { KIND_SPI = 0, KIND_PPI = 1 };

/* The controller of the nearest node that names one. */
static fdt_node parent_of(const struct fdt *fdt, fdt_node node)
{
    uint32_t phandle;

    for (; node != FDT_NONE; node = fdt_parent(fdt, node)) {
        if (fdt_u32(fdt, node, "interrupt-parent", &phandle)) {
            return fdt_by_phandle(fdt, phandle);
        }
    }
    return FDT_NONE;
}

static xi_err decode(const uint8_t *cells, struct config_interrupt *interrupt)
{
    uint32_t kind = xi_read_be32(cells), number = xi_read_be32(cells + 4);

    if ((kind != KIND_SPI && kind != KIND_PPI) || number >= VGIC_MAX_INTIDS - VGIC_PRIVATE ||
        (kind == KIND_PPI && number >= VGIC_PRIVATE - FIRST_PPI)) {
        return XI_ERR_SYNTAX;
    }
    interrupt->intid = number + (kind == KIND_SPI ? VGIC_PRIVATE : FIRST_PPI);
    interrupt->edge = (xi_read_be32(cells + 8) & TRIGGER_EDGES) != 0;
    return XI_OK;
}

static xi_err extended(const struct fdt *fdt, const struct fdt_property *list, uint32_t index,
                       struct config_interrupt *interrupt)
{
    uint32_t at = 0;

    while (list->size - at >= 4) {
        fdt_node controller = fdt_by_phandle(fdt, xi_read_be32(list->value + at));
        uint32_t cells = 0;
        if (controller == FDT_NONE || !fdt_u32(fdt, controller, "#interrupt-cells", &cells) || cells > MAX_CELLS ||
            list->size - at - 4 < 4 * cells) {
            return XI_ERR_SYNTAX;
        }
        if (controller == config_find_gic(fdt)) {
            if (cells != GIC_CELLS) {
                return XI_ERR_SYNTAX;
            }
            if (index-- == 0) {
                return decode(list->value + at + 4, interrupt);
            }
        }
        at += 4 + 4 * cells;
    }
    return at == list->size ? XI_ERR_NOT_FOUND : XI_ERR_SYNTAX;
}

xi_err config_interrupt(const struct fdt *fdt, fdt_node node, uint32_t index, struct config_interrupt *interrupt)
{
    struct fdt_property list;

    /* The extended form wins where both are there. */
    if (fdt_property(fdt, node, "interrupts-extended", &list)) {
        return extended(fdt, &list, index, interrupt);
    }
    fdt_node controller = parent_of(fdt, node);
    if (!fdt_property(fdt, node, "interrupts", &list) || controller == FDT_NONE || controller != config_find_gic(fdt)) {
        return XI_ERR_NOT_FOUND;
    }
    if (list.size % (4 * GIC_CELLS) != 0) {
        return XI_ERR_SYNTAX;
    }
    return index < list.size / (4 * GIC_CELLS) ? decode(list.value + (size_t)index * 4 * GIC_CELLS, interrupt)
                                               : XI_ERR_NOT_FOUND;
}
