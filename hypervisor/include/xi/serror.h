/* SPDX-License-Identifier: Apache-2.0 */
/* SErrors: errors that a device or memory answers with after the access is done. They reach whatever the CPU does by
 * then, so it is asked for them whenever a vCPU leaves it: whose accesses came before is known there. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct vcpu;

/* What taking a vCPU off this CPU has brought up: a syndrome (ESR_EL2), or 0 for nothing. Under
 * any lock: its domain is stopped by the next serror_settle. `vcpu` may be NULL, without a lock: a line in the log. */
void serror_met(const struct vcpu *vcpu, uint64_t syndrome);
/* Stops the domain that is to blame on this CPU; false where there is none. Without a lock. */
bool serror_settle(void);
