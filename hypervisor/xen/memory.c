/* SPDX-License-Identifier: Apache-2.0 */
/* Pages that the guest shares with us, grant table size, parameters. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/domain.h>
#include <xi/hypercall.h>
#include <xi/stage2.h>
#include <xi/string.h>
#include <xi/vcpu.h>

#include "state.h"

static size_t size_without_grants(uint32_t vcpu_count)
{
    return xi_align_up(sizeof(struct xen_domain) + vcpu_count * sizeof(struct xen_vcpu), XI_PAGE);
}

size_t xen_domain_size(uint32_t vcpu_count, uint32_t grant_frames)
{
    return size_without_grants(vcpu_count) + grant_frames * sizeof(union xen_grant_frame);
}

void xen_domain_init(struct domain *domain, void *memory)
{
    domain->xen = memory;
    domain->xen->grants = (void *)((uint8_t *)memory + size_without_grants(domain->vcpu_count));
    domain->xen->grant_limit = domain->config->grant_frames;
    xen_init_watchdogs(domain);
}

void xen_domain_open(struct domain *domain)
{
    struct xen_domain *xen = domain->xen;

    spin_lock(&xen->lock);
    memset(&xen->shared, 0, sizeof(xen->shared));
    memset(xen->grants, 0, xen->grant_limit * sizeof(xen->grants[0]));
    memset(xen->params, 0, sizeof(xen->params));
    memset(xen->vcpus, 0, domain->vcpu_count * sizeof(xen->vcpus[0]));
    xen->grant_frames = 1;
    for (uint32_t i = 0; i < XEN_EVENT_WORDS; i++) {
        xen->shared.info.evtchn_mask[i] = UINT64_MAX;
    }
    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        xen->vcpus[i].info = i == 0 ? &xen->shared.info.vcpu_info[0] : &xen->vcpus[i].unregistered;
    }
    for (uint32_t i = 1; i < XEN_PORTS; i++) {
        xen->ports[i].vcpu = 0;
        xen->ports[i].held = false;
        xen->ports[i].priority = EVTCHN_FIFO_PRIORITY_DEFAULT;
    }
    xen_fifo_reset(domain);
    xen->open = true;
    spin_unlock(&xen->lock);
}

/* The page that is asked for; grows the grant table up to it. NULL when there is none. */
static void *shared_page(struct xen_domain *xen, uint32_t space, uint64_t index)
{
    if (space == XENMAPSPACE_shared_info) {
        return index == 0 ? xen->shared.page : NULL;
    }
    if (index >= xen->grant_limit) {
        return NULL;
    }
    spin_lock(&xen->lock);
    if (xen->grant_frames <= index) {
        xen->grant_frames = (uint32_t)index + 1;
    }
    spin_unlock(&xen->lock);
    return xen->grants[index].page;
}

int64_t xen_map_shared(struct vcpu *vcpu, uint32_t space, uint64_t index, uint64_t gfn)
{
    if (space != XENMAPSPACE_shared_info && space != XENMAPSPACE_grant_table) {
        return -XEN_ENOSYS;
    }
    if (gfn > UINT64_MAX / XI_PAGE) {
        return -XEN_EINVAL;
    }
    void *page = shared_page(vcpu->domain->xen, space, index);
    if (page == NULL) {
        return -XEN_EINVAL;
    }
    xi_err err = stage2_map(&vcpu->domain->stage2, (ipa_t){gfn * XI_PAGE}, arch_va_to_pa(page), XI_PAGE, STAGE2_RAM);
    if (err == XI_OK) {
        return 0;
    }
    return err == XI_ERR_NO_MEMORY ? -XEN_ENOMEM : -XEN_EINVAL;
}

static int64_t add_to_physmap(struct vcpu *vcpu, uint64_t argument)
{
    struct xen_add_to_physmap a;

    if (xen_copy_from(vcpu, &a, argument, sizeof(a)) != XI_OK) {
        return -XEN_EFAULT;
    }
    int64_t answer = xen_check_self(vcpu, a.domid);
    return answer == 0 ? xen_map_shared(vcpu, a.space, a.idx, a.gpfn) : answer;
}

int64_t xen_memory_op(struct vcpu *vcpu, uint64_t command, uint64_t argument)
{
    return command == XENMEM_add_to_physmap ? add_to_physmap(vcpu, argument) : -XEN_ENOSYS;
}

static int64_t query_size(struct vcpu *vcpu, uint64_t argument)
{
    struct xen_domain *xen = vcpu->domain->xen;
    struct xen_grant_query_size q;

    if (xen_copy_from(vcpu, &q, argument, sizeof(q)) != XI_OK) {
        return -XEN_EFAULT;
    }
    q.status = GNTST_permission_denied;
    if (xen_is_self(vcpu, q.dom)) {
        spin_lock(&xen->lock);
        q.nr_frames = xen->grant_frames;
        spin_unlock(&xen->lock);
        q.max_nr_frames = xen->grant_limit;
        q.status = GNTST_okay;
    }
    return xen_copy_to(vcpu, argument, &q, sizeof(q)) == XI_OK ? 0 : -XEN_EFAULT;
}

/* Entries have the form of version 1 and no other. */
static int64_t set_version(struct vcpu *vcpu, uint64_t argument)
{
    const uint32_t current = 1;
    uint32_t wanted;

    if (xen_copy_from(vcpu, &wanted, argument, sizeof(wanted)) != XI_OK) {
        return -XEN_EFAULT;
    }
    if (xen_copy_to(vcpu, argument, &current, sizeof(current)) != XI_OK) {
        return -XEN_EFAULT;
    }
    return wanted == current ? 0 : -XEN_EINVAL;
}

static int64_t get_version(struct vcpu *vcpu, uint64_t argument)
{
    struct xen_grant_get_version v;

    if (xen_copy_from(vcpu, &v, argument, sizeof(v)) != XI_OK) {
        return -XEN_EFAULT;
    }
    int64_t answer = xen_check_self(vcpu, v.dom);
    if (answer != 0) {
        return answer;
    }
    v.version = 1;
    return xen_copy_to(vcpu, argument, &v, sizeof(v)) == XI_OK ? 0 : -XEN_EFAULT;
}

int64_t xen_grant_table_op(struct vcpu *vcpu, uint64_t command, uint64_t argument, uint64_t count)
{
    switch (command) {
    case GNTTABOP_query_size:
        return count == 1 ? query_size(vcpu, argument) : -XEN_EINVAL;
    case GNTTABOP_set_version:
        return count == 1 ? set_version(vcpu, argument) : -XEN_EINVAL;
    case GNTTABOP_get_version:
        return count == 1 ? get_version(vcpu, argument) : -XEN_EINVAL;
    default:
        return -XEN_ENOSYS;
    }
}

/* What there is on Arm, the last one for others than the guest. */
#define PARAMS                                                                                                \
    (1u << HVM_PARAM_CALLBACK_IRQ | 1u << HVM_PARAM_STORE_PFN | 1u << HVM_PARAM_STORE_EVTCHN |                 \
     1u << HVM_PARAM_CONSOLE_PFN | 1u << HVM_PARAM_CONSOLE_EVTCHN | 1u << HVM_PARAM_MONITOR_RING_PFN)

/* Where store and console are is not the guest's to say. */
int64_t xen_hvm_op(struct vcpu *vcpu, uint64_t command, uint64_t argument)
{
    struct xen_domain *xen = vcpu->domain->xen;
    struct xen_hvm_param p;

    if (command != HVMOP_get_param && command != HVMOP_set_param) {
        return -XEN_ENOSYS;
    }
    if (xen_copy_from(vcpu, &p, argument, sizeof(p)) != XI_OK) {
        return -XEN_EFAULT;
    }
    int64_t answer = xen_check_self(vcpu, p.domid);
    if (answer != 0) {
        return answer;
    }
    if (p.index >= HVM_NR_PARAMS || (PARAMS >> p.index & 1) == 0) {
        return -XEN_EINVAL;
    }
    if (command == HVMOP_set_param || p.index == HVM_PARAM_MONITOR_RING_PFN) {
        return -XEN_EPERM;
    }
    p.value = __atomic_load_n(&xen->params[p.index], __ATOMIC_RELAXED);
    return xen_copy_to(vcpu, argument, &p, sizeof(p)) == XI_OK ? 0 : -XEN_EFAULT;
}
