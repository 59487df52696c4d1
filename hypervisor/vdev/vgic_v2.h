/* SPDX-License-Identifier: Apache-2.0 */
/* Between the distributor of the virtual GICv2 and the SGIs that it sends. Numbers of vCPUs are those of its CPU
 * interfaces. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct vcpu;

/* GICD_SGIR. */
void vgic_v2_send(struct vcpu *from, uint32_t value);

/* Whether the offset is of GICD_CPENDSGIR or GICD_SPENDSGIR: by byte or word, a byte an SGI, a bit a sender. */
bool vgic_v2_sgis_own(uint64_t offset);
uint64_t vgic_v2_sgis_read(struct vcpu *vcpu, uint64_t offset, uint32_t size);
void vgic_v2_sgis_write(struct vcpu *vcpu, uint64_t offset, uint32_t size, uint64_t value);
