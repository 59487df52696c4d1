/* SPDX-License-Identifier: Apache-2.0 */
/* The guest's memory as hypercalls name it. Arguments are virtual addresses of the caller, translated page by page by
 * its own tables; what both sides write from then on is named by frame. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/stage2.h>
#include <xi/vcpu.h>

#include "state.h"

static size_t room_in_page(uint64_t va, size_t size)
{
    size_t room = XI_PAGE - (size_t)(va % XI_PAGE);

    return size < room ? size : room;
}

xi_err xen_copy_from(struct vcpu *vcpu, void *to, uint64_t from, size_t size)
{
    uint8_t *out = to;

    while (size > 0) {
        size_t length = room_in_page(from, size);
        ipa_t ipa;
        xi_err err = arch_guest_address(from, false, &ipa);
        if (err == XI_OK) {
            err = guest_copy_from(vcpu->domain, out, ipa, length);
        }
        if (err != XI_OK) {
            return err;
        }
        out += length;
        from += length;
        size -= length;
    }
    return XI_OK;
}

xi_err xen_copy_to(struct vcpu *vcpu, uint64_t to, const void *from, size_t size)
{
    const uint8_t *in = from;

    while (size > 0) {
        size_t length = room_in_page(to, size);
        ipa_t ipa;
        xi_err err = arch_guest_address(to, true, &ipa);
        if (err == XI_OK) {
            err = guest_copy_to(vcpu->domain, ipa, in, length);
        }
        if (err != XI_OK) {
            return err;
        }
        in += length;
        to += length;
        size -= length;
    }
    return XI_OK;
}

void *xen_shared_with_guest(struct domain *domain, uint64_t gfn, uint32_t offset, size_t size)
{
    pa_t pa;

    if (gfn > UINT64_MAX / XI_PAGE || offset % sizeof(uint64_t) != 0 || size > XI_PAGE || offset > XI_PAGE - size ||
        stage2_translate(&domain->stage2, (ipa_t){gfn * XI_PAGE + offset}, &pa) != XI_OK) {
        return NULL;
    }
    return arch_pa_to_va(pa);
}
