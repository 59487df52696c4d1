/* SPDX-License-Identifier: Apache-2.0 */
/* Machine interrupts, taken with the priority dropped and deactivated at once, but for the virtual timer's and those of
 * assigned devices: they stay active until the guest that gets them is done with them. */
#include <stddef.h>
#include <stdint.h>

#include <xi/cpu.h>
#include <xi/gic.h>
#include <xi/irq.h>
#include <xi/timer.h>
#include <xi/vgic.h>
#include <xi/virq.h>

/* A storm of interrupts must not keep a guest from running for ever. */
#define DISPATCH_LIMIT 64u

static uint32_t console_irq = GIC_NO_IRQ;
static void (*console_handler)(void);

void irq_set_console(uint32_t intid, void (*handler)(void))
{
    console_handler = handler;
    console_irq = intid;
    gic->route(intid, &cpus[0]);
    gic->enable(intid, true);
}

static void virtual_timer(void)
{
    struct vcpu *vcpu = this_cpu()->loaded;

    if (vcpu == NULL) {
        gic->deactivate(IRQ_PPI_VIRTUAL_TIMER); /* it ran out while its vCPU was taken off */
        return;
    }
    virq_timer_fired(vcpu);
}

void irq_dispatch(void)
{
    for (uint32_t i = 0; i < DISPATCH_LIMIT; i++) {
        uint32_t intid = gic->acknowledge();
        if (intid == GIC_NO_IRQ) {
            return;
        }
        gic->drop_priority(intid);
        if (intid == IRQ_PPI_VIRTUAL_TIMER) {
            virtual_timer();
            continue;
        }
        if (intid == IRQ_PPI_HYP_TIMER) {
            timer_run();
        } else if (intid == IRQ_PPI_MAINTENANCE) {
            virq_maintenance();
        } else if (intid == console_irq) {
            console_handler();
        } else if (irq_assigned_take(intid)) {
            continue;
        }
        gic->deactivate(intid);
    }
}
