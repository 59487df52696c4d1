/* SPDX-License-Identifier: Apache-2.0 */
/* Between the two register files of the virtual GICv3. */
#pragma once

#include <stdint.h>

#include <xi/bits.h>
#include <xi/mmio.h>

#define GIC_IIDR_ARM 0x43bu /* implementer, of GICD_IIDR and GICR_IIDR */
#define GIC_PIDR2 0xffe8u
#define GIC_PIDR2_V3 0x3bu              /* architecture 3, JEDEC identity */
#define GIC_AFFINITY 0xff00ffffffULL    /* Aff3 apart from Aff2 to Aff0, as in MPIDR_EL1 */
#define GICR_SIZE 0x20000u              /* bytes a vCPU: control frame, then SGIs and PPIs */

extern const struct mmio_ops vgic_v3_redistributor;

/* The part of a 64-bit register that an access of 4 or 8 bytes reads. */
static inline uint64_t vgic_v3_part(uint64_t reg, uint64_t offset, uint32_t size)
{
    return size == 8 ? reg : (uint32_t)(reg >> (8 * (offset & 4)));
}
