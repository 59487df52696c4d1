/* SPDX-License-Identifier: Apache-2.0 */
/* What the other calls leave over, for domains that have it. */
#include <stdint.h>

#include <xi/domain.h>
#include <xi/pv.h>
#include <xi/vcpu.h>

#include "state.h"

int64_t pv_hypercall(struct vcpu *vcpu, uint64_t number, const uint64_t *x)
{
    if (vcpu->domain->pv == NULL) {
        return -XEN_ENOSYS;
    }
    switch (number) {
    case HYPERCALL_memory_op:
        return pv_memory_op(vcpu, x[0], x[1]);
    case HYPERCALL_grant_table_op:
        return pv_grant_table_op(vcpu, x[0], x[1], x[2]);
    default:
        return -XEN_ENOSYS;
    }
}
