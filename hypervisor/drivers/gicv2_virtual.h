/* SPDX-License-Identifier: Apache-2.0 */
/* Between the two halves of the GICv2 driver. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/device.h>
#include <xi/gic.h>

/* The hypervisor's registers, banked by CPU; once. */
void gicv2_virtual_map(mmio_t control);
void gicv2_virtual_init(void);
uint32_t gicv2_list_registers(void);
void gicv2_vcpu_reset(struct gic_vcpu *state);
void gicv2_vcpu_save(struct gic_vcpu *state);
void gicv2_vcpu_load(const struct gic_vcpu *state);
enum lr_state gicv2_lr_state(uint32_t index);
void gicv2_write_lr(uint32_t index, const struct lr *lr);
uint32_t gicv2_ended_unlisted(void);
void gicv2_want_maintenance(bool none_pending, bool unlisted);
