/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/cpu.h>
#include <xi/gic.h>
#include <xi/irq.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>
#include <xi/virq.h>

/* Exchanges the list registers in use with the virtual GIC. True when an interrupt waits for the guest. */
static bool exchange(struct vcpu *vcpu)
{
    struct lr lrs[GIC_MAX_LRS];
    uint32_t ended = gic->ended_unlisted();

    if (ended != 0) {
        vgic_ended_unlisted(vcpu, ended);
    }
    uint32_t listed = vgic_listed(vcpu);
    for (uint32_t bits = listed; bits != 0; bits &= bits - 1) {
        uint32_t i = (uint32_t)__builtin_ctz(bits);
        lrs[i].state = (uint8_t)gic->lr_state(i);
    }
    struct vgic_result result = vgic_sync(vcpu, lrs, gic->list_registers());
    for (uint32_t bits = listed | vgic_listed(vcpu); bits != 0; bits &= bits - 1) {
        uint32_t i = (uint32_t)__builtin_ctz(bits);
        gic->write_lr(i, &lrs[i]);
    }
    gic->want_maintenance(result.more_pending, result.more_active);

    /* The guest's end of the timer interrupt deactivates the machine's; where it took the pending state
     * away instead, the machine's would stay quiet for ever. */
    if (vcpu->timer_live && !vgic_is_live(vcpu, IRQ_PPI_VIRTUAL_TIMER)) {
        vcpu->timer_live = false;
        gic->set_active(IRQ_PPI_VIRTUAL_TIMER, false);
    }
    return result.pending;
}

void virq_sync(struct vcpu *vcpu)
{
    if (vgic_is_stale(vcpu)) {
        exchange(vcpu);
    }
}

bool virq_pending(struct vcpu *vcpu)
{
    return exchange(vcpu);
}

void virq_timer_fired(struct vcpu *vcpu)
{
    vcpu->timer_live = true;
    vgic_pulse(vcpu, IRQ_PPI_VIRTUAL_TIMER);
}

void virq_load(struct vcpu *vcpu)
{
    if (vcpu->timer_live) {
        gic->set_active(IRQ_PPI_VIRTUAL_TIMER, true);
    }
    vgic_set_stale(vcpu);
}

void virq_unload(struct vcpu *vcpu)
{
    if (vcpu->timer_live) {
        gic->set_active(IRQ_PPI_VIRTUAL_TIMER, false);
    }
}

void virq_maintenance(void)
{
    struct vcpu *vcpu = this_cpu()->loaded;

    /* At once: what asks for it lasts until the list registers change, and would interrupt again. */
    if (vcpu != NULL && exchange(vcpu)) {
        vcpu_kick(vcpu); /* it may sleep */
    }
}
