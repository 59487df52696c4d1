/* SPDX-License-Identifier: Apache-2.0 */
/* Dispatch, and the calls that keep no state. */
#include <stddef.h>
#include <stdint.h>

#include <xi/config.h>
#include <xi/console.h>
#include <xi/domain.h>
#include <xi/hypercall.h>
#include <xi/pv.h>
#include <xi/string.h>
#include <xi/vcpu.h>

#include "state.h"

/* Bytes printed before the call is made again. Each may end a line, which is then shown with its prefix. */
#define CONSOLE_CHUNK 16u

bool xen_is_self(const struct vcpu *vcpu, uint16_t domid)
{
    return domid == DOMID_SELF || domid == vcpu->domain->id;
}

int64_t xen_check_self(const struct vcpu *vcpu, uint16_t domid)
{
    if (xen_is_self(vcpu, domid)) {
        return 0;
    }
    return domain_by_id(domid) == NULL ? -XEN_ESRCH : -XEN_EPERM;
}

static int64_t answer_text(struct vcpu *vcpu, uint64_t to, const char *text)
{
    return xen_copy_to(vcpu, to, text, strlen(text) + 1) == XI_OK ? 0 : -XEN_EFAULT;
}

/* Only the first word of features is used. */
static int64_t features(struct vcpu *vcpu, uint64_t argument)
{
    struct xen_feature_info info;
    uint32_t mapped = vcpu->domain->config->direct_map ? XENFEAT_direct_mapped : XENFEAT_not_direct_mapped;

    if (xen_copy_from(vcpu, &info, argument, sizeof(info)) != XI_OK) {
        return -XEN_EFAULT;
    }
    if (info.submap_idx != 0) {
        return -XEN_EINVAL;
    }
    info.submap = 1u << XENFEAT_writable_page_tables | 1u << XENFEAT_auto_translated_physmap |
                  1u << XENFEAT_ARM_SMCCC_supported | 1u << mapped;
    return xen_copy_to(vcpu, argument, &info, sizeof(info)) == XI_OK ? 0 : -XEN_EFAULT;
}

int64_t xen_version(struct vcpu *vcpu, uint64_t command, uint64_t argument)
{
    static const uint64_t no_parameters;
    static const uint8_t no_handle[16];

    switch (command) {
    case XENVER_version:
        return XEN_MAJOR << 16 | XEN_MINOR;
    case XENVER_extraversion:
        return answer_text(vcpu, argument, "-xenimg");
    case XENVER_capabilities:
        return answer_text(vcpu, argument, "xen-3.0-aarch64 ");
    case XENVER_changeset:
        return answer_text(vcpu, argument, "unknown");
    case XENVER_commandline:
        return answer_text(vcpu, argument, "");
    case XENVER_platform_parameters:
        return xen_copy_to(vcpu, argument, &no_parameters, sizeof(no_parameters)) == XI_OK ? 0 : -XEN_EFAULT;
    case XENVER_guest_handle:
        return xen_copy_to(vcpu, argument, no_handle, sizeof(no_handle)) == XI_OK ? 0 : -XEN_EFAULT;
    case XENVER_get_features:
        return features(vcpu, argument);
    case XENVER_pagesize:
        return argument == 0 ? (int64_t)XI_PAGE : -XEN_EINVAL;
    default:
        return -XEN_ENOSYS;
    }
}

static int64_t shutdown(struct vcpu *vcpu, uint64_t argument)
{
    uint32_t reason;

    if (xen_copy_from(vcpu, &reason, argument, sizeof(reason)) != XI_OK) {
        return -XEN_EFAULT;
    }
    switch (reason) {
    case XEN_SHUTDOWN_poweroff:
        domain_shutdown(vcpu->domain, SHUTDOWN_POWEROFF);
        return 0;
    case XEN_SHUTDOWN_reboot:
        domain_shutdown(vcpu->domain, SHUTDOWN_RESET);
        return 0;
    case XEN_SHUTDOWN_crash:
        domain_shutdown(vcpu->domain, SHUTDOWN_CRASH);
        return 0;
    case XEN_SHUTDOWN_watchdog:
        domain_shutdown(vcpu->domain, SHUTDOWN_WATCHDOG);
        return 0;
    default: /* a suspended domain would have nobody to resume it */
        return -XEN_EINVAL;
    }
}

int64_t xen_sched_op(struct vcpu *vcpu, uint64_t command, uint64_t argument)
{
    switch (command) {
    case SCHEDOP_poll: /* may always come back early */
    case SCHEDOP_yield:
        vcpu_yield(vcpu);
        return 0;
    case SCHEDOP_block:
        vcpu_block(vcpu);
        return 0;
    case SCHEDOP_shutdown:
        return shutdown(vcpu, argument);
    case SCHEDOP_watchdog:
        return xen_watchdog(vcpu, argument);
    default:
        return -XEN_ENOSYS;
    }
}

/* A long text is printed in pieces: the call is made again for the rest, so that interrupts are taken and
 * others run in between. */
int64_t xen_console_io(struct vcpu *vcpu, uint64_t command, uint64_t count, uint64_t text)
{
    char bytes[CONSOLE_CHUNK];

    if (command != CONSOLEIO_write) {
        return -XEN_ENOSYS;
    }
    if (count > INT32_MAX) {
        return -XEN_EINVAL;
    }
    size_t now = count < sizeof(bytes) ? (size_t)count : sizeof(bytes);
    if (xen_copy_from(vcpu, bytes, text, now) != XI_OK) {
        return -XEN_EFAULT;
    }
    for (size_t i = 0; i < now; i++) {
        console_guest_putc(vcpu->domain, bytes[i]);
    }
    if (now == count) {
        return 0;
    }
    vcpu->regs.x[1] = count - now;
    vcpu->regs.x[2] = text + now;
    vcpu->regs.pc -= 4; /* the HVC again; x0 is its command still */
    return CONSOLEIO_write;
}

/* The one assistance there is: a flag while runstate changes. Ours changes only when it is registered. */
static int64_t vm_assist(uint64_t command, uint64_t type)
{
    bool known = command <= VMASST_CMD_disable && type == VMASST_TYPE_runstate_update_flag;

    return known ? 0 : -XEN_EINVAL;
}

static int64_t dispatch(struct vcpu *vcpu, uint64_t number, const uint64_t *x)
{
    switch (number) {
    case HYPERCALL_memory_op:
        return xen_memory_op(vcpu, x[0], x[1]);
    case HYPERCALL_xen_version:
        return xen_version(vcpu, x[0], x[1]);
    case HYPERCALL_console_io:
        return xen_console_io(vcpu, x[0], x[1], x[2]);
    case HYPERCALL_grant_table_op:
        return xen_grant_table_op(vcpu, x[0], x[1], x[2]);
    case HYPERCALL_vm_assist:
        return vm_assist(x[0], x[1]);
    case HYPERCALL_vcpu_op:
        return xen_vcpu_op(vcpu, x[0], x[1], x[2]);
    case HYPERCALL_sched_op:
        return xen_sched_op(vcpu, x[0], x[1]);
    case HYPERCALL_event_channel_op:
        return xen_event_channel_op(vcpu, x[0], x[1]);
    case HYPERCALL_hvm_op:
        return xen_hvm_op(vcpu, x[0], x[1]);
    default:
        return -XEN_ENOSYS;
    }
}

/* Commands are unsigned ints in Xen: the upper half of x0 does not count. */
void hypercall(struct vcpu *vcpu)
{
    uint64_t x[3] = {(uint32_t)vcpu->regs.x[0], vcpu->regs.x[1], vcpu->regs.x[2]};
    int64_t answer = dispatch(vcpu, vcpu->regs.x[16], x);

    if (answer == PV_NO_SUCH_CALL) {
        answer = pv_hypercall(vcpu, vcpu->regs.x[16], x);
    }

    vcpu->regs.x[0] = (uint64_t)answer;
}
