/* SPDX-License-Identifier: Apache-2.0 */
/* memory_op: a domain gives pages of its memory away and takes them back (public/memory.h), to map others' in their place.
 * They stay its own all the time: machine memory is nobody else's to use. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/domain.h>
#include <xi/guest_map.h>
#include <xi/stage2.h>
#include <xi/vcpu.h>

#include "state.h"

#define BATCH 32u        /* pages before the call is made again */

static bool find_page(const struct domain *domain, uint64_t guest, pa_t *machine)
{
    for (uint32_t i = 0; i < domain->map->bank_count; i++) {
        const struct guest_bank *bank = &domain->map->banks[i];
        if (guest >= bank->guest.ipa && guest - bank->guest.ipa < bank->size) {
            *machine = (pa_t){bank->machine.pa + (guest - bank->guest.ipa)};
            return true;
        }
    }
    return false;
}

static bool change(struct domain *domain, uint64_t gfn, bool populate)
{
    const ipa_t guest = {gfn * XI_PAGE};
    pa_t machine;

    if (gfn > UINT64_MAX / XI_PAGE || !find_page(domain, guest.ipa, &machine)) {
        return false;
    }
    return (populate ? stage2_map(&domain->stage2, guest, machine, XI_PAGE, STAGE2_RAM)
                     : stage2_unmap(&domain->stage2, guest, XI_PAGE)) == XI_OK;
}

int64_t pv_reservation(struct vcpu *vcpu, uint64_t operation, uint64_t done, uint64_t argument)
{
    struct xen_memory_reservation r;
    uint64_t gfn;

    if (xen_copy_from(vcpu, &r, argument, sizeof(r)) != XI_OK) {
        return -XEN_EFAULT;
    }
    if (!xen_is_self(vcpu, r.domid)) {
        return (int64_t)done; /* none of it is done, which is how this call says no */
    }
    if (r.extent_order != 0 || r.nr_extents >= 1u << (32 - PV_OPERATION_BITS)) {
        return -XEN_EINVAL; /* pages alone, and as many as a command counts */
    }
    for (const uint64_t most = done + BATCH; done < r.nr_extents; done++) {
        if (done == most) {
            vcpu->regs.pc -= 4; /* the HVC again, for the rest */
            return (int64_t)(operation | done << PV_OPERATION_BITS);
        }
        if (xen_copy_from(vcpu, &gfn, r.extent_start + done * sizeof(gfn), sizeof(gfn)) != XI_OK) {
            return -XEN_EFAULT;
        }
        if (!change(vcpu->domain, gfn, operation == XENMEM_populate_physmap)) {
            break;
        }
    }
    return (int64_t)done;
}
