/* SPDX-License-Identifier: Apache-2.0 */
/* The core without devices between domains. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/pv.h>

void pv_build(struct domain *domain, struct page_heap *heap)
{
    (void)domain, (void)heap;
}

bool pv_release(struct domain *domain)
{
    (void)domain;
    return false;
}

int64_t pv_hypercall(struct vcpu *vcpu, uint64_t number, const uint64_t *x)
{
    (void)vcpu, (void)number, (void)x;
    return PV_NO_SUCH_CALL;
}
