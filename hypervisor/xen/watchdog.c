/* SPDX-License-Identifier: Apache-2.0 */
/* Timers that end the domain unless it sets them anew in time (SCHEDOP_watchdog of xen/include/public/sched.h). */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/timer.h>
#include <xi/vcpu.h>

#include "state.h"

/* The timer may have run out on another CPU just before it was set anew or stopped. */
static void bite(void *argument)
{
    struct xen_watchdog_timer *watchdog = argument;
    struct xen_domain *xen = watchdog->domain->xen;

    spin_lock(&xen->lock);
    bool still = watchdog->set && watchdog->timer.queue == NULL;
    spin_unlock(&xen->lock);
    if (still) {
        domain_shutdown(watchdog->domain, SHUTDOWN_WATCHDOG);
    }
}

void xen_init_watchdogs(struct domain *domain)
{
    for (uint32_t i = 0; i < XEN_WATCHDOGS; i++) {
        struct xen_watchdog_timer *watchdog = &domain->xen->watchdogs[i];
        watchdog->domain = domain;
        timer_init(&watchdog->timer, bite, watchdog);
    }
}

static void stop(struct xen_watchdog_timer *watchdog)
{
    watchdog->set = false;
    timer_cancel(&watchdog->timer);
}

static void set(struct xen_watchdog_timer *watchdog, uint32_t seconds)
{
    watchdog->set = true;
    timer_arm(&watchdog->timer, arch_counter() + (uint64_t)seconds * arch_counter_frequency());
}

/* The id of a new one. */
static int64_t begin(struct xen_domain *xen, uint32_t seconds)
{
    for (uint32_t i = 0; i < XEN_WATCHDOGS; i++) {
        if (!xen->watchdogs[i].set) {
            set(&xen->watchdogs[i], seconds);
            return i + 1;
        }
    }
    return -XEN_ENOSPC;
}

static int64_t change(struct xen_domain *xen, const struct xen_watchdog *wanted)
{
    if (wanted->id == 0) {
        return wanted->timeout == 0 ? 0 : begin(xen, wanted->timeout);
    }
    if (wanted->id > XEN_WATCHDOGS || !xen->watchdogs[wanted->id - 1].set) {
        return -XEN_EINVAL;
    }
    if (wanted->timeout == 0) {
        stop(&xen->watchdogs[wanted->id - 1]);
    } else {
        set(&xen->watchdogs[wanted->id - 1], wanted->timeout);
    }
    return 0;
}

int64_t xen_watchdog(struct vcpu *vcpu, uint64_t argument)
{
    struct xen_domain *xen = vcpu->domain->xen;
    struct xen_watchdog wanted;

    if (xen_copy_from(vcpu, &wanted, argument, sizeof(wanted)) != XI_OK) {
        return -XEN_EFAULT;
    }
    spin_lock(&xen->lock);
    int64_t answer = change(xen, &wanted);
    spin_unlock(&xen->lock);
    return answer;
}

void xen_stop_watchdogs(struct xen_domain *xen)
{
    for (uint32_t i = 0; i < XEN_WATCHDOGS; i++) {
        stop(&xen->watchdogs[i]);
    }
}
