/* SPDX-License-Identifier: Apache-2.0 */
/* memory_op: pages that come and go in the guest's map (public/memory.h). */
#include <stdint.h>

#include <xi/domain.h>
#include <xi/stage2.h>
#include <xi/vcpu.h>

#include "state.h"

#define BATCH 16u /* pages before the call is made again */

/* Others' pages by their frames are for whoever has power over that domain, which no guest has here. */
static int64_t map_one(struct vcpu *vcpu, const struct xen_add_to_physmap_batch *a, uint64_t index, uint64_t gfn)
{
    if (a->space == XENMAPSPACE_gmfn_foreign) {
        return domain_by_id(a->foreign_domid) == NULL ? -XEN_ESRCH : -XEN_EPERM;
    }
    return xen_map_shared(vcpu, a->space, index, gfn);
}

static int64_t add_at(struct vcpu *vcpu, const struct xen_add_to_physmap_batch *a, uint64_t i)
{
    uint64_t index, gfn;

    if (xen_copy_from(vcpu, &index, a->idxs + i * sizeof(index), sizeof(index)) != XI_OK ||
        xen_copy_from(vcpu, &gfn, a->gpfns + i * sizeof(gfn), sizeof(gfn)) != XI_OK) {
        return -XEN_EFAULT;
    }
    const int32_t error = (int32_t)map_one(vcpu, a, index, gfn);
    return xen_copy_to(vcpu, a->errs + i * sizeof(error), &error, sizeof(error)) == XI_OK ? 0 : -XEN_EFAULT;
}

static int64_t add_batch(struct vcpu *vcpu, uint64_t done, uint64_t argument)
{
    struct xen_add_to_physmap_batch a;

    if (xen_copy_from(vcpu, &a, argument, sizeof(a)) != XI_OK) {
        return -XEN_EFAULT;
    }
    int64_t answer = xen_check_self(vcpu, a.domid);
    if (answer == 0 && (a.space == XENMAPSPACE_gmfn_range || a.space == XENMAPSPACE_dev_mmio)) {
        answer = a.space == XENMAPSPACE_gmfn_range ? -XEN_EOPNOTSUPP : -XEN_EACCES;
    }
    for (const uint64_t most = done + BATCH; answer == 0 && done < a.size; done++) {
        if (done == most) {
            vcpu->regs.pc -= 4; /* the HVC again, for the rest */
            return (int64_t)(XENMEM_add_to_physmap_batch | done << PV_OPERATION_BITS);
        }
        answer = add_at(vcpu, &a, done);
    }
    return answer;
}

/* A page of memory is the domain's still: populate_physmap brings it back. A grant's mapping is given back by its handle. */
static int64_t remove_page(struct vcpu *vcpu, uint64_t argument)
{
    struct stage2 *stage2 = &vcpu->domain->stage2;
    struct xen_remove_from_physmap r;
    pa_t machine;

    if (xen_copy_from(vcpu, &r, argument, sizeof(r)) != XI_OK) {
        return -XEN_EFAULT;
    }
    int64_t answer = xen_check_self(vcpu, r.domid);
    if (answer != 0) {
        return answer;
    }
    const ipa_t guest = {r.gpfn * XI_PAGE};
    if (r.gpfn > UINT64_MAX / XI_PAGE || stage2_translate(stage2, guest, &machine) != XI_OK) {
        return -XEN_ENOENT;
    }
    return stage2_unmap(stage2, guest, XI_PAGE) == XI_OK ? 0 : -XEN_ENOMEM;
}

/* What a domain has and what it may have are the same: its memory is fixed. */
static int64_t tell_reservation(struct vcpu *vcpu, uint64_t argument)
{
    uint16_t domid;

    if (xen_copy_from(vcpu, &domid, argument, sizeof(domid)) != XI_OK) {
        return -XEN_EFAULT;
    }
    int64_t answer = xen_check_self(vcpu, domid);
    return answer == 0 ? (int64_t)(vcpu->domain->config->memory / XI_PAGE) : answer;
}

int64_t pv_memory_op(struct vcpu *vcpu, uint64_t command, uint64_t argument)
{
    const uint64_t operation = command & ((1u << PV_OPERATION_BITS) - 1), done = command >> PV_OPERATION_BITS;

    switch (operation) {
    case XENMEM_decrease_reservation:
    case XENMEM_populate_physmap:
        return pv_reservation(vcpu, operation, done, argument);
    case XENMEM_current_reservation:
    case XENMEM_maximum_reservation:
        return tell_reservation(vcpu, argument);
    case XENMEM_remove_from_physmap:
        return remove_page(vcpu, argument);
    case XENMEM_add_to_physmap_batch:
        return add_batch(vcpu, done, argument);
    default:
        return -XEN_ENOSYS;
    }
}
