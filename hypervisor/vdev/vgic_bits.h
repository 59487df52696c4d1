/* SPDX-License-Identifier: Apache-2.0 */
/* The registers that GICD and GICR_SGI have in common, at the same offsets (Arm IHI 0069, 12.8); those of a GICv2
 * are there, too (Arm IHI 0048B, 4.1.2). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct vcpu;

enum {
    VGIC_IGROUPR = 0x080,
    VGIC_ISENABLER = 0x100,
    VGIC_ICENABLER = 0x180,
    VGIC_ISPENDR = 0x200,
    VGIC_ICPENDR = 0x280,
    VGIC_ISACTIVER = 0x300,
    VGIC_ICACTIVER = 0x380,
    VGIC_IPRIORITYR = 0x400,
    VGIC_ICFGR = 0xc00,
    VGIC_ICFGR_END = 0xd00,
};

/* Whether the offset is one of them. */
bool vgic_bits_owns(uint64_t offset);
/* The first interrupt that it tells of. */
uint32_t vgic_bits_first(uint64_t offset);
/* `target` owns the private interrupts that are meant; NULL where shared ones are. The other kind's registers read
 * as zero, as in the distributor of a GICv3 (affinity routing is always on). Accesses of a wrong size read as zero and change nothing. */
uint64_t vgic_bits_read(struct vcpu *reader, struct vcpu *target, uint64_t offset, uint32_t size);
void vgic_bits_write(struct vcpu *writer, struct vcpu *target, uint64_t offset, uint32_t size, uint64_t value);
