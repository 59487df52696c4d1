/* SPDX-License-Identifier: Apache-2.0 */
/* The EL1 physical timer, which is trapped; the virtual timer is the machine's own. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct vcpu;

void vtimer_init(struct vcpu *vcpu);
/* As after reset: off. */
void vtimer_reset(struct vcpu *vcpu);

/* Accesses to CNTP_TVAL_EL0, CNTP_CTL_EL0 and CNTP_CVAL_EL0 by the current vCPU. */
bool vtimer_tval(struct vcpu *vcpu, bool read, uint64_t *value);
bool vtimer_ctl(struct vcpu *vcpu, bool read, uint64_t *value);
bool vtimer_cval(struct vcpu *vcpu, bool read, uint64_t *value);
