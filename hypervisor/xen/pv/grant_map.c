/* SPDX-License-Identifier: Apache-2.0 */
/* Mappings of granted pages, from both sides: whoever ends first leaves nothing behind. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/console.h>
#include <xi/domain.h>
#include <xi/stage2.h>
#include <xi/vcpu.h>

#include "state.h"

/* Of pv_release, a piece: handles that are looked at, and mappings that are taken away, which costs more. */
#define LOOKS 256u
#define CHANGES 8u

static uint32_t take_handle(struct pv_domain *pv)
{
    uint32_t handle = pv->first_free;

    if (handle != PV_NO_HANDLE) {
        pv->first_free = pv->mappings[handle].next;
        pv->mapped++;
    }
    return handle;
}

static void give_handle(struct pv_domain *pv, uint32_t handle)
{
    pv->mappings[handle].state = PV_FREE;
    pv->mappings[handle].next = pv->first_free;
    pv->first_free = handle;
    pv->mapped--;
}

static int16_t place(struct domain *domain, uint64_t guest, pa_t machine, bool write)
{
    xi_err err = stage2_map(&domain->stage2, (ipa_t){guest}, machine, XI_PAGE,
                            write ? STAGE2_FOREIGN : STAGE2_FOREIGN_READONLY);

    if (err == XI_OK) {
        return GNTST_okay;
    }
    return err == XI_ERR_NO_MEMORY ? GNTST_no_space : GNTST_bad_virt_addr;
}

/* Both domains locked. */
static int16_t map(struct domain *domain, struct domain *granter, struct xen_grant_map *m)
{
    const bool write = (m->flags & GNTMAP_readonly) == 0;
    pa_t machine;

    if (!domain->xen->open) {
        return GNTST_general_error; /* it ends, on another CPU */
    }
    int16_t status = pv_pin(granter, m->ref, domain->id, write, &machine);
    if (status != GNTST_okay) {
        return status;
    }
    uint32_t handle = take_handle(domain->pv);
    status = handle == PV_NO_HANDLE ? GNTST_no_space : place(domain, m->host_addr, machine, write);
    if (status != GNTST_okay) {
        if (handle != PV_NO_HANDLE) {
            give_handle(domain->pv, handle);
        }
        pv_unpin(granter, m->ref, write);
        return status;
    }
    domain->pv->mappings[handle] = (struct pv_mapping){
        .guest = m->host_addr,
        .machine = machine.pa,
        .granter = granter->id,
        .ref = m->ref,
        .state = PV_MAPPED,
        .write = write,
    };
    m->handle = handle;
    m->dev_bus_addr = machine.pa;
    return GNTST_okay;
}

void pv_map(struct vcpu *vcpu, struct xen_grant_map *m)
{
    struct domain *granter;

    if ((m->flags & (GNTMAP_host_map | GNTMAP_contains_pte)) != GNTMAP_host_map) {
        m->status = GNTST_general_error;
        return;
    }
    m->status = pv_find_granter(vcpu, m->dom, &granter);
    if (m->status == GNTST_okay) {
        xen_lock_both(vcpu->domain, granter);
        m->status = map(vcpu->domain, granter, m);
        xen_unlock_both(vcpu->domain, granter);
    }
}

/* Takes a mapping out of the domain, unless the guest has put something else there since. Both domains locked. */
static void take_away(struct domain *domain, uint32_t handle)
{
    const struct pv_mapping *m = &domain->pv->mappings[handle];
    const ipa_t guest = {m->guest};

    if (stage2_is_foreign(&domain->stage2, guest, (pa_t){m->machine})) {
        XI_CHECK(stage2_unmap(&domain->stage2, guest, XI_PAGE) == XI_OK); /* a page of its own: nothing is split */
    }
    if (m->state == PV_MAPPED) {
        pv_unpin(domain_by_id(m->granter), m->ref, m->write);
    }
    give_handle(domain->pv, handle);
}

/* The handle as it is now: once the lock is gone, it may have changed. */
static struct pv_mapping look(struct domain *domain, uint32_t handle)
{
    struct pv_mapping seen = {.state = PV_FREE};

    if (handle < domain->pv->mapping_count) {
        spin_lock(&domain->xen->lock);
        seen = domain->pv->mappings[handle];
        spin_unlock(&domain->xen->lock);
    }
    return seen;
}

void pv_unmap(struct vcpu *vcpu, struct xen_grant_unmap *u)
{
    struct domain *domain = vcpu->domain;
    const struct pv_mapping seen = look(domain, u->handle);

    if (seen.state == PV_FREE) {
        u->status = GNTST_bad_handle;
        return;
    }
    if (u->host_addr != seen.guest) {
        u->status = GNTST_bad_virt_addr;
        return;
    }
    struct domain *granter = domain_by_id(seen.granter);
    xen_lock_both(domain, granter);
    const struct pv_mapping *m = &domain->pv->mappings[u->handle];
    /* The granter may have gone meanwhile: that is as well. */
    bool same = m->state != PV_FREE && m->guest == seen.guest && m->granter == seen.granter && m->ref == seen.ref;
    if (same) {
        take_away(domain, u->handle);
    }
    xen_unlock_both(domain, granter);
    u->status = same ? GNTST_okay : GNTST_bad_handle;
}

/* The page that is the granter's no longer to give: the guest goes on, with a page of its own there. Both locked. */
static void sink(struct domain *domain, struct pv_mapping *m)
{
    const pa_t own = arch_va_to_pa(domain->pv->sink);

    if (stage2_is_foreign(&domain->stage2, (ipa_t){m->guest}, (pa_t){m->machine})) {
        /* In the place of a page: no table is wanted for it. */
        XI_CHECK(place(domain, m->guest, own, m->write) == GNTST_okay);
    }
    pv_unpin(domain_by_id(m->granter), m->ref, m->write);
    m->machine = own.pa;
    m->state = PV_SUNK;
}

/* One of `of`'s handles, if it concerns the domain that ends. */
static bool release_one(struct domain *domain, struct domain *of, uint32_t handle)
{
    struct pv_mapping *m = &of->pv->mappings[handle];

    if (domain == of ? m->state == PV_FREE : m->state != PV_MAPPED || m->granter != domain->id) {
        return false;
    }
    /* A handle of the domain's own may lead to a third domain, whose lock is wanted as well. */
    struct domain *other = domain == of ? domain_by_id(m->granter) : of;
    xen_lock_both(domain, other);
    bool concerns = domain == of ? m->state != PV_FREE : m->state == PV_MAPPED && m->granter == domain->id;
    if (concerns && domain == of) {
        domain->pv->given_back += m->state == PV_MAPPED;
        take_away(domain, handle);
    } else if (concerns) {
        domain->pv->taken_back++;
        sink(of, m);
    }
    xen_unlock_both(domain, other);
    return true;
}

/* Nothing of that domain's concerns the one that ends. */
static bool is_clear(const struct domain *domain, const struct domain *of)
{
    return of == NULL || of->pv == NULL || __atomic_load_n(&of->pv->mapped, __ATOMIC_RELAXED) == 0 ||
           (of != domain && __atomic_load_n(&domain->pv->pinned, __ATOMIC_RELAXED) == 0);
}

bool pv_release(struct domain *domain)
{
    struct pv_domain *pv = domain->pv;
    uint32_t looks = 0, changes = 0;

    if (pv == NULL) {
        return false;
    }
    while (pv->release_domain <= domain_count()) {
        struct domain *of = pv->release_domain == 0 ? domain : domain_by_id(pv->release_domain);
        uint32_t count = is_clear(domain, of) ? 0 : of->pv->mapping_count;
        for (; pv->release_mapping < count; pv->release_mapping++) {
            if (looks++ == LOOKS || changes == CHANGES) {
                return true;
            }
            changes += release_one(domain, of, pv->release_mapping);
        }
        pv->release_mapping = 0;
        pv->release_domain++;
    }
    pv->release_domain = 0;
    /* Whoever took the last one away may be at it still. */
    spin_lock(&domain->xen->lock);
    XI_CHECK(pv->pinned == 0 && pv->mapped == 0);
    spin_unlock(&domain->xen->lock);
    if (pv->given_back != 0 || pv->taken_back != 0) {
        xi_log("d%u (%s) gave back %u mappings of grants, and took back %u of its own", domain->id, domain->name,
               pv->given_back, pv->taken_back);
        pv->given_back = pv->taken_back = 0;
    }
    return pv_store_part(domain);
}
