/* SPDX-License-Identifier: Apache-2.0 */
/* Shared interrupts of assigned devices. The machine's stays active from the moment it is taken until the guest has
 * ended it, so that it comes again no sooner; a guest that never does silences its own device alone. */
#include <stddef.h>
#include <stdint.h>

#include <xi/cpu.h>
#include <xi/domain.h>
#include <xi/gic.h>
#include <xi/irq.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>

static struct domain *owners[VGIC_MAX_INTIDS];

xi_err irq_assign(struct domain *domain, uint32_t intid, bool edge)
{
    if (intid < VGIC_PRIVATE || intid >= VGIC_MAX_INTIDS || intid >= gic->lines()) {
        return XI_ERR_RANGE;
    }
    if (owners[intid] != NULL) {
        return XI_ERR_BUSY;
    }
    irq_assigned_reset(intid);
    gic->set_edge(intid, edge);
    owners[intid] = domain;
    return XI_OK;
}

/* A guest that lets its interrupt come again and again takes it itself: it disturbs no CPU that another domain runs on. */
void irq_assigned_enable(uint32_t intid, const struct vcpu *target)
{
    const struct cpu *cpu = target == NULL ? this_cpu() : &cpus[target->cpu];
    const struct vcpu *there = __atomic_load_n(&cpu->current, __ATOMIC_RELAXED);

    gic->route(intid, there != NULL && there->domain == owners[intid] ? cpu : this_cpu());
    gic->enable(intid, true);
}

void irq_assigned_disable(uint32_t intid)
{
    gic->enable(intid, false);
}

void irq_assigned_end(uint32_t intid)
{
    gic->end_shared(intid);
}

void irq_assigned_reset(uint32_t intid)
{
    gic->enable(intid, false);
    gic->clear_pending(intid);
    gic->end_shared(intid);
}

bool irq_assigned_take(uint32_t intid)
{
    if (intid >= VGIC_MAX_INTIDS || owners[intid] == NULL) {
        return false;
    }
    vgic_fire(owners[intid], intid);
    return true;
}
