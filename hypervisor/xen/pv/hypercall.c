/* SPDX-License-Identifier: Apache-2.0 */
/* What the other calls leave over, for domains that have it. */
#include <stdint.h>

#include <xi/domain.h>
#include <xi/pv.h>
#include <xi/vcpu.h>

#include "state.h"

/* Of the build nothing is told: empty texts. */
static int64_t compile_info(struct vcpu *vcpu, uint64_t to)
{
    static const uint8_t nothing[sizeof(struct xen_compile_info)];

    return xen_copy_to(vcpu, to, nothing, sizeof(nothing)) == XI_OK ? 0 : -XEN_EFAULT;
}

int64_t pv_hypercall(struct vcpu *vcpu, uint64_t number, const uint64_t *x)
{
    if (vcpu->domain->pv == NULL) {
        return -XEN_ENOSYS;
    }
    switch (number) {
    case HYPERCALL_multicall:
        return pv_multicall(vcpu, x[1]);
    case HYPERCALL_xen_version:
        return x[0] == XENVER_compile_info ? compile_info(vcpu, x[1]) : -XEN_ENOSYS;
    case HYPERCALL_console_io:
        return x[0] == CONSOLEIO_read ? 0 : -XEN_ENOSYS; /* nothing to read: input goes to the UART */
    case HYPERCALL_memory_op:
        return pv_memory_op(vcpu, x[0], x[1]);
    case HYPERCALL_grant_table_op:
        return pv_grant_table_op(vcpu, x[0], x[1], x[2]);
    default:
        return -XEN_ENOSYS;
    }
}
