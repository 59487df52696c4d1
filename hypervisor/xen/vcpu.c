/* SPDX-License-Identifier: Apache-2.0 */
/* What each vCPU shares with the guest: where its events are told, and its account of time. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/string.h>
#include <xi/vcpu.h>

#include "state.h"

#define NS_PER_SECOND 1000000000u

/* Anywhere in the guest's memory, inside one page. From then on both sides write there. */
static int64_t register_info(struct vcpu *target, const struct xen_register_vcpu_info *where)
{
    struct xen_domain *xen = target->domain->xen;
    struct xen_vcpu *v = &xen->vcpus[target->id];
    int64_t answer = -XEN_EINVAL;

    if (where->offset > XI_PAGE - sizeof(struct xen_vcpu_info) || where->offset % sizeof(uint64_t) != 0) {
        return -XEN_ENXIO;
    }
    struct xen_vcpu_info *info = xen_shared_with_guest(target->domain, where->gfn, where->offset, sizeof(*info));

    if (info == NULL) {
        return answer;
    }
    spin_lock(&xen->lock);
    if (!v->registered) {
        memcpy(info, v->info, sizeof(*info));
        v->info = info;
        v->registered = true;
        answer = 0;
    }
    spin_unlock(&xen->lock);
    if (answer == 0) {
        xen_mark_all_pending(target); /* nothing that came meanwhile is lost */
    }
    return answer;
}

static uint64_t now_ns(void)
{
    uint64_t counter = arch_counter();
    uint64_t frequency = arch_counter_frequency();

    return counter / frequency * NS_PER_SECOND + counter % frequency * NS_PER_SECOND / frequency;
}

/* Written once: always running since now. So the guest sees no time stolen from it. */
static int64_t register_runstate(struct vcpu *vcpu, uint64_t argument)
{
    struct xen_runstate_info state = {.state = RUNSTATE_running, .state_entry_time = now_ns()};
    uint64_t at;

    if (xen_copy_from(vcpu, &at, argument, sizeof(at)) != XI_OK || xen_copy_to(vcpu, at, &state, sizeof(state)) != XI_OK) {
        return -XEN_EFAULT;
    }
    return 0;
}

int64_t xen_vcpu_op(struct vcpu *vcpu, uint64_t command, uint64_t id, uint64_t argument)
{
    struct xen_register_vcpu_info where;

    if ((uint32_t)id >= vcpu->domain->vcpu_count) {
        return -XEN_ENOENT;
    }
    switch (command) {
    case VCPUOP_register_vcpu_info:
        if (xen_copy_from(vcpu, &where, argument, sizeof(where)) != XI_OK) {
            return -XEN_EFAULT;
        }
        return register_info(vcpu->domain->vcpus[(uint32_t)id], &where);
    case VCPUOP_register_runstate_memory_area:
        return register_runstate(vcpu, argument);
    default:
        return -XEN_EINVAL;
    }
}
