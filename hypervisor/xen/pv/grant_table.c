/* SPDX-License-Identifier: Apache-2.0 */
/* grant_table_op: arrays of records, some at a time. */
#include <stddef.h>
#include <stdint.h>

#include <xi/domain.h>
#include <xi/pv.h>
#include <xi/string.h>
#include <xi/vcpu.h>

#include "state.h"

/* Records that are done before the call is made again, so that interrupts are taken and others run in between. */
#define BATCH 8u
#define SETUP_BATCH 32u /* frames told by setup_table at a time */

union record {
    struct xen_grant_map map;
    struct xen_grant_unmap unmap;
    struct xen_grant_copy copy;
    struct xen_grant_flush flush;
};

static size_t record_size(uint64_t command)
{
    switch (command) {
    case GNTTABOP_map_grant_ref:
        return sizeof(struct xen_grant_map);
    case GNTTABOP_unmap_grant_ref:
        return sizeof(struct xen_grant_unmap);
    case GNTTABOP_copy:
        return sizeof(struct xen_grant_copy);
    case GNTTABOP_cache_flush:
        return sizeof(struct xen_grant_flush);
    default:
        return 0;
    }
}

/* Zero, a negative errno, or how far cache_flush has looked, which began at `from`. */
static int64_t operate(struct vcpu *vcpu, uint64_t command, union record *record, uint64_t from)
{
    switch (command) {
    case GNTTABOP_map_grant_ref:
        pv_map(vcpu, &record->map);
        return 0;
    case GNTTABOP_unmap_grant_ref:
        pv_unmap(vcpu, &record->unmap);
        return 0;
    case GNTTABOP_copy:
        pv_copy(vcpu, &record->copy);
        return 0;
    default:
        return pv_cache_flush(vcpu, &record->flush, from);
    }
}

static int64_t one(struct vcpu *vcpu, uint64_t command, uint64_t at, uint64_t from)
{
    const size_t size = record_size(command);
    union record record;

    if (xen_copy_from(vcpu, &record, at, size) != XI_OK) {
        return -XEN_EFAULT;
    }
    int64_t answer = operate(vcpu, command, &record, from);
    if (answer == 0 && command != GNTTABOP_cache_flush && xen_copy_to(vcpu, at, &record, size) != XI_OK) {
        return -XEN_EFAULT;
    }
    return answer;
}

static int64_t some(struct vcpu *vcpu, uint64_t command, uint64_t at, uint64_t count, uint64_t from)
{
    const uint64_t batch = command == GNTTABOP_cache_flush ? 1 : BATCH; /* one looks through many mappings */

    for (uint64_t done = 0; done < count; done++, at += record_size(command)) {
        int64_t answer = done == batch ? 0 : one(vcpu, command, at, from);
        if (answer < 0) {
            return answer;
        }
        if (done == batch || answer > 0) {
            vcpu->regs.x[1] = at;
            vcpu->regs.x[2] = count - done;
            vcpu->regs.pc -= 4; /* the HVC again */
            return (int64_t)(command | (uint64_t)answer << PV_OPERATION_BITS);
        }
        from = 0;
    }
    return 0;
}

/* The table of a guest whose memory is translated is where it maps the frames itself: there is nothing to tell it. */
static int64_t setup_table(struct vcpu *vcpu, uint64_t argument)
{
    uint64_t nowhere[SETUP_BATCH];
    struct xen_domain *xen = vcpu->domain->xen;
    struct xen_grant_setup s;

    if (xen_copy_from(vcpu, &s, argument, sizeof(s)) != XI_OK) {
        return -XEN_EFAULT;
    }
    s.status = !xen_is_self(vcpu, s.dom)         ? GNTST_permission_denied
               : s.nr_frames > xen->grant_limit ? GNTST_general_error
                                                : GNTST_okay;
    if (s.status == GNTST_okay) {
        spin_lock(&xen->lock);
        xen->grant_frames = xen->grant_frames < s.nr_frames ? s.nr_frames : xen->grant_frames;
        spin_unlock(&xen->lock);
        memset(nowhere, 0xff, sizeof(nowhere));
        for (uint32_t i = 0; i < s.nr_frames; i += SETUP_BATCH) {
            const uint32_t now = s.nr_frames - i < SETUP_BATCH ? s.nr_frames - i : SETUP_BATCH;
            if (xen_copy_to(vcpu, s.frame_list + i * sizeof(uint64_t), nowhere, now * sizeof(uint64_t)) != XI_OK) {
                return -XEN_EFAULT;
            }
        }
    }
    return xen_copy_to(vcpu, argument, &s, sizeof(s)) == XI_OK ? 0 : -XEN_EFAULT;
}

int64_t pv_grant_table_op(struct vcpu *vcpu, uint64_t command, uint64_t argument, uint64_t count)
{
    if (command == GNTTABOP_setup_table) {
        return count == 1 ? setup_table(vcpu, argument) : -XEN_EINVAL;
    }
    const uint64_t operation = command & ((1u << PV_OPERATION_BITS) - 1), from = command >> PV_OPERATION_BITS;
    if (record_size(operation) == 0 || (from != 0 && operation != GNTTABOP_cache_flush)) {
        return -XEN_ENOSYS;
    }
    /* An unsigned int in Xen. */
    return (uint32_t)count <= INT32_MAX ? some(vcpu, operation, argument, (uint32_t)count, from) : -XEN_EINVAL;
}
