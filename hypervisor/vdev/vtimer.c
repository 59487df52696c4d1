/* SPDX-License-Identifier: Apache-2.0 */
/* EL1 physical timer (Arm ARM (DDI 0487), CNTP_CTL_EL0 and CNTP_CVAL_EL0): a comparator on the counter whose output is a
 * level on PPI 30. A software timer stands for the moment at which the level rises. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/irq.h>
#include <xi/timer.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>
#include <xi/vtimer.h>

#define CTL_ENABLE 1u
#define CTL_IMASK 2u
#define CTL_ISTATUS 4u

static bool met(const struct vcpu *vcpu)
{
    return (vcpu->cntp_ctl & CTL_ENABLE) != 0 && arch_counter() >= vcpu->cntp_cval;
}

/* Brings the level and the software timer in line with the registers. Under their lock. */
static void update(struct vcpu *vcpu)
{
    bool armed = (vcpu->cntp_ctl & (CTL_ENABLE | CTL_IMASK)) == CTL_ENABLE;
    bool high = armed && met(vcpu);

    vgic_set_level(vcpu, IRQ_PPI_PHYSICAL_TIMER, high);
    if (armed && !high) {
        timer_arm(&vcpu->physical_timer, vcpu->cntp_cval);
    } else {
        timer_cancel(&vcpu->physical_timer);
    }
}

/* The registers may say another time by now. */
static void expired(void *argument)
{
    struct vcpu *vcpu = argument;

    spin_lock(&vcpu->cntp_lock);
    update(vcpu);
    spin_unlock(&vcpu->cntp_lock);
}

static void write(struct vcpu *vcpu, uint64_t ctl, uint64_t cval)
{
    spin_lock(&vcpu->cntp_lock);
    vcpu->cntp_ctl = ctl;
    vcpu->cntp_cval = cval;
    update(vcpu);
    spin_unlock(&vcpu->cntp_lock);
}

void vtimer_init(struct vcpu *vcpu)
{
    timer_init(&vcpu->physical_timer, expired, vcpu);
}

void vtimer_reset(struct vcpu *vcpu)
{
    write(vcpu, 0, 0);
}

bool vtimer_tval(struct vcpu *vcpu, bool read, uint64_t *value)
{
    if (read) {
        *value = (uint32_t)(vcpu->cntp_cval - arch_counter());
    } else {
        write(vcpu, vcpu->cntp_ctl, arch_counter() + (uint64_t)(int64_t)(int32_t)(uint32_t)*value);
    }
    return true;
}

bool vtimer_ctl(struct vcpu *vcpu, bool read, uint64_t *value)
{
    if (read) {
        *value = vcpu->cntp_ctl | (met(vcpu) ? CTL_ISTATUS : 0);
    } else {
        write(vcpu, *value & (CTL_ENABLE | CTL_IMASK), vcpu->cntp_cval);
    }
    return true;
}

bool vtimer_cval(struct vcpu *vcpu, bool read, uint64_t *value)
{
    if (read) {
        *value = vcpu->cntp_cval;
    } else {
        write(vcpu, vcpu->cntp_ctl, *value);
    }
    return true;
}
