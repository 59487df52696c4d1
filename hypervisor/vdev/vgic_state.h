/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the vGIC: changes to interrupts, made under the domain's lock; who must look is kicked after. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/vgic.h>

/* One critical section, and the vCPUs that must look afterwards. */
struct vgic_change {
    struct vgic_domain *vgic;
    uint64_t kicks[VGIC_MAX_VCPUS / 64];
};

/* vgic_irq.fix: what the guest wrote about an interrupt while a list register had its state. */
enum { FIX_DROP_PENDING = 1, FIX_ACTIVATE = 2, FIX_DEACTIVATE = 4 };

struct vgic_change vgic_begin(struct domain *domain);
void vgic_end(struct vgic_change *change);

/* A private interrupt of the vCPU, or a shared one where `vcpu` is NULL; NULL when there is none of that
 * number. */
struct vgic_irq *vgic_find(struct vgic_domain *vgic, struct vcpu *vcpu, uint32_t intid);

/* After any change to an interrupt: puts it into the queue where it belongs now, if any, and marks the
 * vCPUs whose list registers no longer say all. */
void vgic_settle(struct vgic_change *change, struct vgic_irq *irq);
/* Out of the queue that it is in, if any; nobody looks. */
void vgic_dequeue(struct vgic_irq *irq);
/* Its list registers must be read and filled anew. */
void vgic_mark(struct vgic_change *change, struct vcpu *vcpu);

/* Latched, or a level that is high; leaves out what only a list register knows. */
bool vgic_is_pending(const struct vgic_irq *irq);
/* Whether the distributor forwards its group. */
bool vgic_forwards(const struct vgic_domain *vgic, const struct vgic_irq *irq);

/* What the guest reads, list registers counted as of their last synchronisation. */
bool vgic_reads_pending(const struct vgic_irq *irq);
bool vgic_reads_active(const struct vgic_irq *irq);

/* What the guest writes. */
void vgic_forward(struct domain *domain, bool group0, bool group1); /* GICD_CTLR */
void vgic_write_enabled(struct vgic_change *change, struct vgic_irq *irq, bool enabled);
void vgic_write_owner(struct vgic_change *change, struct vgic_irq *irq, struct vcpu *owner); /* of an SPI */
void vgic_write_pending(struct vgic_change *change, struct vgic_irq *irq, bool pending);
void vgic_write_active(struct vgic_change *change, struct vgic_irq *irq, bool active);
