/* SPDX-License-Identifier: Apache-2.0 */
/* GICD_ICFGR, the same in both versions: two bits an interrupt, of which the upper one means an edge (Arm IHI 0048B and
 * IHI 0069, GICD_ICFGR<n>). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/device.h>

/* While the interrupt is off. `icfgr`: the first of the registers. */
static inline void gic_set_edge(mmio_t icfgr, uint32_t intid, bool edge)
{
    uint32_t at = intid / 16 * 4, bit = 2u << (intid % 16 * 2);
    uint32_t value = mmio_read32(icfgr, at);

    mmio_write32(icfgr, at, edge ? value | bit : value & ~bit);
}
