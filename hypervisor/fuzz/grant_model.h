/* SPDX-License-Identifier: Apache-2.0 */
/* What two domains may have of each other by what they grant, beside what the core let them have. */
#pragma once

#include "../test/grant_pair.h"

/* Nothing is mapped. */
void model_begin(void);
/* As it is before what `side` does next. */
void model_before(const struct side *side);
/* Aborts where a mapping, or a byte of a copy, has come about that nothing allowed, where counts of references are not those
 * of mappings, or where a page of the other domain is in a table without a mapping. */
void model_after(void);
/* And the other domain's memory, before a copy. */
void model_before_copy(const struct side *side);
/* A copy of one record has come back: only what it may have changed of the other domain's memory has changed. */
void model_copied(const struct side *side, const struct xen_grant_copy *c);
/* The domain has ended, and begun again. */
void model_restarted(const struct side *side);
