/* SPDX-License-Identifier: Apache-2.0 */
/* Grant entries, and what is in use by them. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/domain.h>
#include <xi/vcpu.h>

#include "state.h"

#define TRIES 4u /* an entry that changes more often while it is looked at is not meant to be used */
#define DOMID_SHIFT 16u

int16_t pv_find_granter(const struct vcpu *vcpu, uint16_t domid, struct domain **granter)
{
    struct domain *found = domain_by_id(domid == DOMID_SELF ? vcpu->domain->id : domid);

    if (found == NULL || found->pv == NULL) {
        return GNTST_bad_domain;
    }
    if (found != vcpu->domain && (vcpu->domain->config->granters >> (found->id - 1) & 1) == 0) {
        return GNTST_permission_denied;
    }
    *granter = found;
    return GNTST_okay;
}

/* Flags and domain are one word: what is checked is what is marked. */
static uint32_t *first_word(struct xen_domain *xen, uint32_t ref)
{
    return (uint32_t *)(void *)&xen->grants[ref / PV_ENTRIES].entries[ref % PV_ENTRIES];
}

static int16_t check(uint32_t word, uint16_t to, bool write)
{
    if ((word & (GTF_type_mask | GTF_sub_page)) != GTF_permit_access) {
        return GNTST_bad_gntref;
    }
    if (word >> DOMID_SHIFT != to || (write && (word & GTF_readonly) != 0)) {
        return GNTST_permission_denied;
    }
    return GNTST_okay;
}

static int16_t mark(uint32_t *entry, uint16_t to, bool write)
{
    uint32_t word = __atomic_load_n(entry, __ATOMIC_RELAXED);

    for (uint32_t i = 0; i < TRIES; i++) {
        int16_t status = check(word, to, write);
        uint32_t marked = word | GTF_reading | (write ? GTF_writing : 0);
        /* Acquire: the frame is read behind it. */
        if (status != GNTST_okay ||
            __atomic_compare_exchange_n(entry, &word, marked, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            return status;
        }
    }
    return GNTST_eagain;
}

/* Where nobody uses the reference any more, the granter may have it back. Release: what was written is there first. */
static void unmark(uint32_t *entry, const struct pv_pins *pins)
{
    uint32_t over = (pins->writing == 0 ? GTF_writing : 0) | (pins->all == 0 ? GTF_reading : 0);

    __atomic_fetch_and(entry, ~over, __ATOMIC_RELEASE);
}

int16_t pv_pin(struct domain *granter, uint32_t ref, uint16_t to, bool write, pa_t *machine)
{
    struct xen_domain *xen = granter->xen;

    if (!xen->open || ref >= xen->grant_frames * PV_ENTRIES) {
        return xen->open ? GNTST_bad_gntref : GNTST_bad_domain;
    }
    struct pv_pins *pins = &granter->pv->pins[ref];
    uint32_t *entry = first_word(xen, ref);
    if (pins->all == UINT16_MAX) {
        return GNTST_no_space;
    }
    int16_t status = mark(entry, to, write);
    if (status != GNTST_okay) {
        return status;
    }
    uint32_t frame = __atomic_load_n(&entry[1], __ATOMIC_RELAXED);
    if (stage2_translate(&granter->stage2, (ipa_t){(uint64_t)frame * XI_PAGE}, machine) != XI_OK) {
        unmark(entry, pins);
        return GNTST_bad_page;
    }
    pins->all++;
    pins->writing = (uint16_t)(pins->writing + write);
    granter->pv->pinned++;
    return GNTST_okay;
}

void pv_unpin(struct domain *granter, uint32_t ref, bool write)
{
    struct pv_pins *pins = &granter->pv->pins[ref];

    XI_CHECK(pins->all != 0 && pins->writing >= write);
    pins->all--;
    pins->writing = (uint16_t)(pins->writing - write);
    granter->pv->pinned--;
    unmark(first_word(granter->xen, ref), pins);
}
