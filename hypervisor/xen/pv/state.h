/* SPDX-License-Identifier: Apache-2.0 */
/* What a domain has of other domains, and they of it: grants, version 1 (public/grant_table.h).
 *
 * A grant is pinned while somebody has it mapped, or copies by it. Pins are counted here, not in the granter's entry,
 * which the granter writes at any time. A handle is one mapping. What holds at any moment: each page of a granter that
 * is in another domain's stage 2 belongs to a handle, and each handle to a pin, or to the sink.
 *
 * Everything is under the lock of the domain that it belongs to; a handle changes under its granter's lock, too. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/domain.h>
#include <xi/pv.h>

#include "../state.h"

#define PV_ENTRIES (XI_PAGE / sizeof(struct xen_grant_entry)) /* of a grant frame */
#define PV_NO_HANDLE UINT32_MAX

/* Of one reference. */
struct pv_pins {
    uint16_t all;     /* mappings and copies, */
    uint16_t writing; /* and how many of them write */
};

enum pv_mapping_state {
    PV_FREE,
    PV_MAPPED,
    PV_SUNK, /* the granter is gone: the mapping shows the sink */
};

struct pv_mapping {
    uint64_t guest;   /* where it is mapped */
    uint64_t machine; /* what is mapped there */
    union {
        uint32_t ref;
        uint32_t next; /* PV_FREE: the next free one */
    };
    uint16_t granter; /* domain */
    uint8_t state;
    bool write;
};

struct store_ring;

struct pv_domain {
    void *sink; /* a page of the domain's own, in the place of those whose granter is gone */
    struct pv_pins *pins; /* of each reference */
    struct pv_mapping *mappings;
    uint32_t mapping_count;
    uint32_t first_free;
    uint32_t pinned; /* pins of all references together */
    uint32_t mapped; /* handles that are not free */
    struct store_ring *store_page; /* NULL: the domain has no store */
    uint32_t store_port;
    bool store_open; /* the domain has begun, and has not been parted from its links since */
    uint32_t told_domain, told_pieces; /* which other domain is told of its changes, and how often it was */
    /* How far pv_release is: in which domain's handles, 0: the domain's own. */
    uint32_t release_domain, release_mapping;
    uint32_t given_back, taken_back; /* by it: mappings of others' pages; mappings that others had of its own */
};

/* One side of a grant: pins the reference for `to` and tells which page it is; GNTST_*. Under the granter's lock. */
int16_t pv_pin(struct domain *granter, uint32_t ref, uint16_t to, bool write, pa_t *machine);
void pv_unpin(struct domain *granter, uint32_t ref, bool write);
/* The domain whose grants are meant (DOMID_SELF: the caller's), where the configuration lets it use them; GNTST_*. */
int16_t pv_find_granter(const struct vcpu *vcpu, uint16_t domid, struct domain **granter);

#define PV_OPERATION_BITS 6u /* of a command; above them, how far it is, where the call is made again */

/* decrease_reservation or populate_physmap, from the page of that index on; how many are done in the end. */
int64_t pv_reservation(struct vcpu *vcpu, uint64_t operation, uint64_t done, uint64_t argument);
int64_t pv_multicall(struct vcpu *vcpu, uint64_t count);
int64_t pv_memory_op(struct vcpu *vcpu, uint64_t command, uint64_t argument);
int64_t pv_grant_table_op(struct vcpu *vcpu, uint64_t command, uint64_t argument, uint64_t count);

/* One record each; what becomes of it is in its status. */
void pv_map(struct vcpu *vcpu, struct xen_grant_map *m);
void pv_unmap(struct vcpu *vcpu, struct xen_grant_unmap *u);
void pv_copy(struct vcpu *vcpu, struct xen_grant_copy *c);
/* The domain has ended, if it had begun: so do its links in the store. A piece of that; false: it was the last. */
bool pv_store_part(struct domain *domain);
/* Looks for the page's handle from `from` on. Zero, a negative errno, or where the search is to go on. */
int64_t pv_cache_flush(struct vcpu *vcpu, const struct xen_grant_flush *f, uint64_t from);
