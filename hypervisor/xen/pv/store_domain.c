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

/* Of what others are to be told, in one call; what is left over is told when the call is made again. Each piece is an event,
 * or as much of one as the ring has room for. */
#define PIECES 16u
/* To one domain, while one domain's changes are told: more than all events that it can be owed. Who makes room by the byte
 * keeps nobody longer, and hears of the rest when it asks itself. */
#define PIECES_EACH 1024u
_Static_assert(PIECES_EACH > STORE_WATCHES * STORE_EVENTS, "an honest reader is told of everything");

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

static bool can_be_told(uint32_t id, uint32_t but)
{
    const struct domain *other = clients[id]->told && id != but ? domain_by_id(id) : NULL;

    return other != NULL && other->pv != NULL && other->pv->store_page != NULL;
}

/* Some of what others are to be told of, as far as their rings have room; false: that was all. *told: a bit for each that
 * is. */
static bool serve_others(struct domain *domain, uint64_t *told)
{
    struct pv_domain *pv = domain->pv;

    for (uint32_t i = 0; i < PIECES;) {
        const uint32_t id = pv->told_domain;
        if (id > store.domain_count) {
            return false;
        }
        if (can_be_told(id, domain->id) && pv->told_pieces < PIECES_EACH &&
            store_serve(&store, id, domain_by_id(id)->pv->store_page, false)) {
            *told |= 1ull << id;
            pv->told_pieces++;
            i++;
        } else {
            pv->told_domain++;
            pv->told_pieces = 0;
        }
    }
    return true;
}

/* Others are to be told of something, from the first domain on. */
static void begin_telling(struct pv_domain *pv)
{
    pv->told_domain = 1;
    pv->told_pieces = 0;
}

static void tell_all(uint64_t told)
{
    for (uint32_t id = 1; told >> id != 0; id++) {
        if ((told >> id & 1) != 0) {
            tell(id);
        }
    }
}

bool pv_store_part(struct domain *domain)
{
    struct pv_domain *pv = domain->pv;
    uint64_t told = 0;

    if (pv->store_page == NULL) {
        return false;
    }
    spin_lock(&store.lock);
    /* Not for each piece of its memory that is scrubbed, and not before its first life. */
    if (pv->store_open) {
        /* What it wrote last is there until it begins again, if it does. */
        pv->store_open = store_part(&store, domain->id, domain->config->on[domain->reason] == CONFIG_RESTART);
        begin_telling(pv);
    }
    const bool more = serve_others(domain, &told) || pv->store_open;
    spin_unlock(&store.lock);
    tell_all(told);
    return more;
}

int64_t pv_send(struct domain *domain, uint32_t port)
{
    struct pv_domain *pv = domain->pv;
    struct vcpu *vcpu = arch_current_vcpu();
    uint64_t told = 0;

    if (pv == NULL || pv->store_page == NULL || port != pv->store_port) {
        return -XEN_EINVAL;
    }
    spin_lock(&store.lock);
    if (__atomic_load_n(&domain->dying, __ATOMIC_ACQUIRE)) {
        spin_unlock(&store.lock); /* by another of its vCPUs: it has parted, or is about to */
        return 0;
    }
    const bool joined = store_join(&store);
    if (store_serve(&store, domain->id, pv->store_page, true) || joined) {
        told = 1ull << domain->id;
        begin_telling(pv);
    }
    const bool more = serve_others(domain, &told) || told != 0;
    spin_unlock(&store.lock);
    tell_all(told);
    if (!more) {
        return 0;
    }
    vcpu->regs.pc -= 4; /* the HVC again, for the next message; x0 is its command still */
    return EVTCHNOP_send;
}
