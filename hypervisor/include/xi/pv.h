/* SPDX-License-Identifier: Apache-2.0 */
/* What domains need that drive devices for each other: grants of pages (xen/pv). There are two cores, one without it
 * (core/no_pv.c) and one with; docs/decisions/0018 says why. A domain has it where its node says xen,enhanced. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/config.h>

struct domain;
struct page_heap;
struct vcpu;

enum { PV_NO_SUCH_CALL = -38 }; /* -ENOSYS */

/* Boot: what the domain has of it, if anything (build.h). */
void pv_build(struct domain *domain, struct page_heap *heap);
/* Bytes that a domain of this configuration needs for it, of its own; 0: it has none of it. */
uint64_t pv_size(const struct domain_config *config);
/* `memory` has pv_size bytes, all zero. Once. */
void pv_init(struct domain *domain, void *memory);
/* Ends what is mapped of other domains in this one, and of this one in others, in pieces; true where there is more. The
 * domain is closed (xen_domain_close), so that nothing is added meanwhile. */
bool pv_release(struct domain *domain);

/* Calls, and commands of calls, that a domain without devices of others has no use for; x: the arguments. */
int64_t pv_hypercall(struct vcpu *vcpu, uint64_t number, const uint64_t *x);
