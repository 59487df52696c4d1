/* SPDX-License-Identifier: Apache-2.0 */
/* Between the virtual GIC, which knows what is pending, and the list registers of the machine. */
#pragma once

#include <stdbool.h>

struct vcpu;

/* Before a guest is entered: the list registers show what is pending. Cheap when nothing changed. */
void virq_sync(struct vcpu *vcpu);
/* Whether the current vCPU has an interrupt to take: WFI does not wait then. */
bool virq_pending(struct vcpu *vcpu);
/* The machine's virtual timer interrupt fired for the loaded vCPU. */
void virq_timer_fired(struct vcpu *vcpu);
/* Its registers come into the machine, and leave it. */
void virq_load(struct vcpu *vcpu);
void virq_unload(struct vcpu *vcpu);
/* The list registers want attention. */
void virq_maintenance(void);
