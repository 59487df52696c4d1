/* SPDX-License-Identifier: Apache-2.0 */
/* The part of the GICv3 that a loaded vCPU works with: ICH_* registers of this CPU. See struct gic_ops. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/gic.h>

/* Counts list registers and switches the virtual interface off; on each CPU. */
void gicv3_virtual_init(void);
uint32_t gicv3_list_registers(void);
enum lr_state gicv3_lr_state(uint32_t index);
void gicv3_write_lr(uint32_t index, const struct lr *lr);
uint32_t gicv3_ended_unlisted(void);
void gicv3_want_maintenance(bool none_pending, bool unlisted);
void gicv3_vcpu_reset(struct gic_vcpu *state);
void gicv3_vcpu_save(struct gic_vcpu *state);
void gicv3_vcpu_load(const struct gic_vcpu *state);
