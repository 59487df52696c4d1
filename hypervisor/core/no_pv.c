/* SPDX-License-Identifier: Apache-2.0 */
/* The core without devices between domains. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/pv.h>

#include "config_reader.h"

xi_err config_read_store(const struct config_reader *reader, fdt_node chosen)
{
    (void)reader, (void)chosen;
    return XI_OK;
}

xi_err config_read_pairs(const struct config_reader *reader, fdt_node chosen)
{
    (void)reader, (void)chosen;
    return XI_OK;
}

xi_err config_read_grants(const struct config_reader *reader, fdt_node node, struct domain_config *domain)
{
    (void)reader, (void)node, (void)domain;
    return XI_OK;
}

xi_err config_read_enabled(const struct config_reader *reader, fdt_node node, struct domain_config *domain)
{
    (void)domain;
    /* By these words the compiler knows this core (compiler/resolve/hypervisor.ts). */
    return config_refuse(reader, node, "xen,enhanced", "no domain serves XenStore");
}

void pv_build(struct domain *domain, struct page_heap *heap)
{
    (void)domain, (void)heap;
}

void pv_join(const struct system_config *config, struct page_heap *heap)
{
    (void)config, (void)heap;
}

void pv_open(struct domain *domain)
{
    (void)domain;
}

bool pv_release(struct domain *domain)
{
    (void)domain;
    return false;
}

int64_t pv_send(struct domain *domain, uint32_t port)
{
    (void)domain, (void)port;
    return PV_BAD_ARGUMENT;
}

int64_t pv_hypercall(struct vcpu *vcpu, uint64_t number, const uint64_t *x)
{
    (void)vcpu, (void)number, (void)x;
    return PV_NO_SUCH_CALL;
}
