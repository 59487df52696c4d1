/* SPDX-License-Identifier: Apache-2.0 */
/* The store of this machine: which domains have it, their pages and ports. What a domain asks is answered in its own time,
 * a message at a time, while it sends the event; what others are to be told is put into their rings then, too. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/check.h>
#include <xi/domain.h>
#include <xi/guest_map.h>
#include <xi/pv.h>
#include <xi/stage2.h>
#include <xi/string.h>
#include <xi/vcpu.h>

#include "state.h"
#include "store.h"

#define NO_VIRQ UINT32_MAX /* of a port whose other end is the store */

_Static_assert(CONFIG_MAX_DOMAINS < 64, "a bit each");
_Static_assert((CONFIG_MAX_DOMAINS + 1) * STORE_NODES <= UINT16_MAX, "nodes have 16 bits");

static struct store store;
static struct store_client *clients[CONFIG_MAX_DOMAINS + 1];

uint64_t pv_store_size(uint32_t domain_count)
{
    return (domain_count + 1) * xi_align_up(sizeof(struct store_client) + STORE_NODES * sizeof(struct store_node), XI_PAGE);
}

const char *pv_store_init(const struct config_store *config, uint32_t domain_count, void *memory, uint32_t *which)
{
    uint8_t *next = (uint8_t *)memory + (domain_count + 1) * STORE_NODES * sizeof(struct store_node);

    store = (struct store){0};
    for (uint32_t i = 0; i <= domain_count; i++) {
        clients[i] = (struct store_client *)(void *)(next + i * sizeof(struct store_client));
    }
    store_init(&store, domain_count, memory, clients);
    const char *wrong = store_seed(&store, config->entries, config->size, which);
    if (wrong == NULL && !store_find_links(&store, config->entries, config->size)) {
        wrong = "more links than the store has room for";
    }
    return wrong;
}

void pv_store_connect(struct domain *domain, void *page)
{
    struct xen_domain *xen = domain->xen;
    uint32_t port = 1;

    while (port < XEN_PORTS && xen->ports[port].state != EVTCHNSTAT_closed) {
        port++;
    }
    XI_CHECK(port < XEN_PORTS); /* CONFIG_MAX_CHANNELS is less */
    xen->ports[port] = (struct xen_port){
        .state = EVTCHNSTAT_virq, .fixed = true, .priority = EVTCHN_FIFO_PRIORITY_DEFAULT, .other = NO_VIRQ};
    domain->pv->store_port = port;
    domain->pv->store_page = page;
}

void pv_open(struct domain *domain)
{
    struct pv_domain *pv = domain->pv;

    if (pv == NULL) {
        return;
    }
    memset(pv->sink, 0, XI_PAGE); /* of its former life */
    if (pv->store_page == NULL) {
        return;
    }
    /* There is always a table for it: nothing has run that could have used them up. */
    XI_CHECK(stage2_map(&domain->stage2, (ipa_t){GUEST_STORE_START}, arch_va_to_pa(pv->store_page), XI_PAGE, STAGE2_RAM) ==
             XI_OK);
    domain->xen->params[HVM_PARAM_STORE_PFN] = GUEST_STORE_START / XI_PAGE;
    domain->xen->params[HVM_PARAM_STORE_EVTCHN] = pv->store_port;
    spin_lock(&store.lock);
    memset(pv->store_page, 0, XI_PAGE); /* under the lock: others may be about to tell it something */
    store_reset_client(&store, domain->id);
    store_renew(&store, domain->id);
    pv->store_open = true;
    spin_unlock(&store.lock);
}

static void tell(uint32_t id)
{
    struct domain *domain = domain_by_id(id);

    spin_lock(&domain->xen->lock);
    xen_raise(domain, domain->pv->store_port);
    spin_unlock(&domain->xen->lock);
}

/* What others are to be told of, as far as their rings have room; a bit for each that is. */
static uint64_t serve_others(uint32_t but)
{
    uint64_t told = 0;

    for (uint32_t id = 1; id <= store.domain_count; id++) {
        const struct domain *other = domain_by_id(id);
        if (id == but || !clients[id]->told || other->pv == NULL || other->pv->store_page == NULL) {
            continue;
        }
        while (store_serve(&store, id, other->pv->store_page, false)) {
            told |= 1ull << id;
        }
    }
    return told;
}

static void tell_all(uint64_t told)
{
    for (uint32_t id = 1; told >> id != 0; id++) {
        if ((told >> id & 1) != 0) {
            tell(id);
        }
    }
}

void pv_store_part(const struct domain *domain)
{
    /* Not for each piece of its memory that is scrubbed, and not before its first life. */
    if (!domain->pv->store_open) {
        return;
    }
    spin_lock(&store.lock);
    domain->pv->store_open = false;
    store_part(&store, domain->id);
    uint64_t told = serve_others(domain->id);
    spin_unlock(&store.lock);
    tell_all(told);
}

int64_t pv_send(struct domain *domain, uint32_t port)
{
    const struct pv_domain *pv = domain->pv;
    struct vcpu *vcpu = arch_current_vcpu();

    if (pv == NULL || pv->store_page == NULL || port != pv->store_port) {
        return -XEN_EINVAL;
    }
    spin_lock(&store.lock);
    if (__atomic_load_n(&domain->dying, __ATOMIC_ACQUIRE)) {
        spin_unlock(&store.lock); /* by another of its vCPUs: it has parted, or is about to */
        return 0;
    }
    bool joined = store_join(&store);
    bool more = store_serve(&store, domain->id, pv->store_page, true) || joined;
    uint64_t told = serve_others(domain->id);
    spin_unlock(&store.lock);
    tell_all(more ? told | 1ull << domain->id : told);
    if (!more) {
        return 0;
    }
    vcpu->regs.pc -= 4; /* the HVC again, for the next message; x0 is its command still */
    return EVTCHNOP_send;
}
