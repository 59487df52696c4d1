/* SPDX-License-Identifier: Apache-2.0 */
/* Timers that end the domain unless it sets them anew in time (SCHEDOP_watchdog of xen/include/public/sched.h). */
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/timer.h>
#include <xi/vcpu.h>

#include "state.h"

static void bite(void *domain)
{
    domain_shutdown(domain, SHUTDOWN_WATCHDOG);
}

static bool is_set(const struct timer *watchdog)
{
    return watchdog->expired != NULL;
}

static void stop(struct timer *watchdog)
{
    timer_cancel(watchdog);
    watchdog->expired = NULL;
}

static void set(struct timer *watchdog, struct domain *domain, uint32_t seconds)
{
    if (!is_set(watchdog)) {
        timer_init(watchdog, bite, domain);
    }
    timer_arm(watchdog, arch_counter() + (uint64_t)seconds * arch_counter_frequency());
}

/* The id of a new one. */
static int64_t begin(struct domain *domain, uint32_t seconds)
{
    for (uint32_t i = 0; i < XEN_WATCHDOGS; i++) {
        struct timer *watchdog = &domain->xen->watchdogs[i];
        if (!is_set(watchdog)) {
            set(watchdog, domain, seconds);
            return i + 1;
        }
    }
    return -XEN_ENOSPC;
}

static int64_t change(struct domain *domain, const struct xen_watchdog *wanted)
{
    if (wanted->id == 0) {
        return wanted->timeout == 0 ? 0 : begin(domain, wanted->timeout);
    }
    if (wanted->id > XEN_WATCHDOGS || !is_set(&domain->xen->watchdogs[wanted->id - 1])) {
        return -XEN_EINVAL;
    }
    struct timer *watchdog = &domain->xen->watchdogs[wanted->id - 1];
    if (wanted->timeout == 0) {
        stop(watchdog);
    } else {
        set(watchdog, domain, wanted->timeout);
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
    int64_t answer = change(vcpu->domain, &wanted);
    spin_unlock(&xen->lock);
    return answer;
}

void xen_stop_watchdogs(struct xen_domain *xen)
{
    for (uint32_t i = 0; i < XEN_WATCHDOGS; i++) {
        stop(&xen->watchdogs[i]);
    }
}
