/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes between pages, of which each may be another domain's; and their way to memory, for devices past the caches. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/stage2.h>
#include <xi/string.h>
#include <xi/vcpu.h>

#include "state.h"

#define LOOKS 2048u /* handles that cache_flush looks at before the call is made again */

/* One end, resolved. */
struct end {
    struct domain *domain;
    bool pinned;
    uint8_t *page;
};

static int16_t resolve(struct domain *caller, const struct xen_grant_copy_end *from, bool is_ref, bool write,
                       struct end *end)
{
    pa_t machine;

    if (is_ref) {
        int16_t status = pv_pin(end->domain, (uint32_t)from->where, caller->id, write, &machine);
        if (status != GNTST_okay) {
            return status;
        }
        end->pinned = true;
    } else if (from->where > UINT64_MAX / XI_PAGE ||
               stage2_translate(&caller->stage2, (ipa_t){from->where * XI_PAGE}, &machine) != XI_OK) {
        return GNTST_bad_page;
    }
    end->page = arch_pa_to_va(machine);
    return GNTST_okay;
}

static void release(const struct xen_grant_copy_end *from, bool write, const struct end *end)
{
    if (end->pinned) {
        pv_unpin(end->domain, (uint32_t)from->where, write);
    }
}

/* The locks keep both domains from ending meanwhile. */
static int16_t copy_locked(struct domain *caller, const struct xen_grant_copy *c, struct end *source, struct end *dest)
{
    int16_t status = resolve(caller, &c->source, (c->flags & GNTCOPY_source_gref) != 0, false, source);

    if (status == GNTST_okay) {
        status = resolve(caller, &c->dest, (c->flags & GNTCOPY_dest_gref) != 0, true, dest);
    }
    if (status == GNTST_okay) {
        memmove(dest->page + c->dest.offset, source->page + c->source.offset, c->len);
    }
    release(&c->dest, true, dest);
    release(&c->source, false, source);
    return status;
}

static bool fits(const struct xen_grant_copy_end *end, uint16_t len)
{
    return end->offset <= XI_PAGE && len <= XI_PAGE - end->offset;
}

/* A page that is named by its frame is the caller's own. */
static int16_t find_domain(struct vcpu *vcpu, const struct xen_grant_copy_end *from, bool is_ref, struct end *end)
{
    if (!is_ref) {
        end->domain = vcpu->domain;
        return xen_is_self(vcpu, from->domid) ? GNTST_okay : GNTST_permission_denied;
    }
    return pv_find_granter(vcpu, from->domid, &end->domain);
}

void pv_copy(struct vcpu *vcpu, struct xen_grant_copy *c)
{
    struct end source = {0}, dest = {0};

    c->status = find_domain(vcpu, &c->source, (c->flags & GNTCOPY_source_gref) != 0, &source);
    if (c->status == GNTST_okay) {
        c->status = find_domain(vcpu, &c->dest, (c->flags & GNTCOPY_dest_gref) != 0, &dest);
    }
    if (c->status == GNTST_okay && !(fits(&c->source, c->len) && fits(&c->dest, c->len))) {
        c->status = GNTST_bad_copy_arg;
    }
    if (c->status == GNTST_okay) {
        xen_lock_both(source.domain, dest.domain);
        c->status = copy_locked(vcpu->domain, c, &source, &dest);
        xen_unlock_both(source.domain, dest.domain);
    }
}

/* The first handle of that page among some of them; otherwise, where the search ends, or is to go on. */
static uint32_t find_mapped(const struct pv_domain *pv, uint64_t machine, uint32_t from)
{
    const uint32_t end = pv->mapping_count - from < LOOKS ? pv->mapping_count : from + LOOKS;

    while (from < end && (pv->mappings[from].state != PV_MAPPED || pv->mappings[from].machine != machine)) {
        from++;
    }
    return from;
}

/* What is to be thrown away is written back first: none of the page's other bytes are lost by it. */
int64_t pv_cache_flush(struct vcpu *vcpu, const struct xen_grant_flush *f, uint64_t from)
{
    struct domain *domain = vcpu->domain;
    const uint32_t count = domain->pv->mapping_count, begin = from < count ? (uint32_t)from : count;
    uint64_t page = f->address - f->address % XI_PAGE;

    if (f->offset >= XI_PAGE || f->length > XI_PAGE - f->offset) {
        return -XEN_EINVAL;
    }
    if (f->op == 0 || (f->op & ~(GNTTAB_CACHE_CLEAN | GNTTAB_CACHE_INVAL)) != 0) {
        return f->op == 0 ? 0 : -XEN_EOPNOTSUPP;
    }
    spin_lock(&domain->xen->lock);
    const uint32_t found = find_mapped(domain->pv, page, begin);
    const bool mapped = found < count && found - begin < LOOKS;
    if (mapped) {
        arch_cache_flush((uint8_t *)arch_pa_to_va((pa_t){page}) + f->offset, f->length);
    }
    spin_unlock(&domain->xen->lock);
    return mapped ? 0 : found < count ? (int64_t)found : -XEN_EPERM;
}
