/* SPDX-License-Identifier: Apache-2.0 */
/* What domains need that drive devices for each other: grants of pages, and a
 * XenStore (xen/pv). There are two cores, one without it (core/no_pv.c) and one with; docs/decisions/0012 says why. A domain
 * has it where its node says xen,enhanced. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/config.h>

struct domain;
struct page_heap;
struct vcpu;

enum { PV_BAD_ARGUMENT = -22, PV_NO_SUCH_CALL = -38 }; /* -EINVAL, -ENOSYS */

/* Boot: what the domain has of it, if anything (build.h). */
void pv_build(struct domain *domain, struct page_heap *heap);
/* Boot, when all domains are built: the store that they have in common. */
void pv_join(const struct system_config *config, struct page_heap *heap);
/* The domain begins: it is open, and nothing of it has run. */
void pv_open(struct domain *domain);
/* Bytes that a domain of this configuration needs for it, of its own; 0: it has none of it. */
uint64_t pv_size(const struct domain_config *config);
/* `memory` has pv_size bytes, all zero. Once. */
void pv_init(struct domain *domain, void *memory);
/* The parts of pv_join: the store's memory, and its making; what is wrong with which entry, NULL: nothing. */
uint64_t pv_store_size(uint32_t domain_count);
const char *pv_store_init(const struct config_store *config, uint32_t domain_count, void *memory, uint32_t *which);
/* The domain has a store, with this page; its channels are there already. */
void pv_store_connect(struct domain *domain, void *page);
/* Ends what is mapped of other domains in this one, and of this one in others, in pieces; true where there is more. The
 * domain is closed (xen_domain_close), so that nothing is added meanwhile. */
bool pv_release(struct domain *domain);

/* An event that the guest sends where no other domain is at the other end. */
int64_t pv_send(struct domain *domain, uint32_t port);
/* Calls, and commands of calls, that a domain without devices of others has no use for; x: the arguments. */
int64_t pv_hypercall(struct vcpu *vcpu, uint64_t number, const uint64_t *x);
