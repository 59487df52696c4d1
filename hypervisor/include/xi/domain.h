/* SPDX-License-Identifier: Apache-2.0 */
/* A domain: one guest system. Made at boot from the configuration; never freed, only shut down. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/config.h>
#include <xi/cpu.h>
#include <xi/err.h>
#include <xi/mitigation.h>
#include <xi/mmio.h>
#include <xi/spinlock.h>
#include <xi/stage2.h>
#include <xi/types.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>
#include <xi/vpl011.h>

struct cpupool;
struct domain_load;
struct guest_map;
struct pv_domain;
struct xen_domain;

/* A domain's share of CPU time where it is capped; under the lock of its pool. Counter ticks. */
struct sched_cap {
    uint64_t amount; /* in each period; 0: no cap */
    int64_t left;    /* of this period's; negative: owed to the next */
    uint64_t next;   /* counter at which the next period begins */
};

struct domain {
    uint16_t id; /* from 1, in order of the configuration; also the VMID */
    char name[48];
    const struct domain_config *config;
    bool dying; /* shut down: no vCPU of it runs any more */
    enum shutdown_reason reason;
    bool warm; /* the reset that a vCPU asks for is a warm one: it is told, and no different otherwise */
    bool restart; /* waits to be made again, or to be scrubbed; under the lock of its pool */

    struct domain_load *load; /* the work of making it, at boot and again */
    const struct guest_map *map;
    struct stage2 stage2;
    uint32_t vcpu_count;
    struct vcpu **vcpus; /* vcpu_count pointers; each vCPU sits in its own pages */
    struct cpupool *pool;
    struct sched_cap cap;
    struct mitigation mitigation; /* the worst of the pool's CPUs */
    /* By CPU: id + 1 of the vCPU that ran there last; 0: none. They share a VMID, but not what a guest
     * keeps in one CPU's TLB alone. */
    uint8_t last_on[XI_MAX_CPUS];

    struct mmio_map mmio;
    struct vgic_domain vgic;
    bool has_uart;
    struct vpl011 uart;
    struct xen_domain *xen; /* every domain may call; only xen,enhanced ones are told so */
    struct pv_domain *pv;   /* NULL: no pages are shared with it or by it */
};

/* Stops every vCPU of the domain, and begins what the configuration says for that reason; prints one line. Any CPU. */
void domain_shutdown(struct domain *domain, enum shutdown_reason reason);
/* A guest went where it must not: says why and shuts that domain down alone. printf-like. */
void domain_crash(struct domain *domain, const char *why, ...) XI_PRINTF(2, 3);

struct domain *domain_by_id(uint32_t id); /* NULL if there is none */
uint32_t domain_count(void);
/* Boot: adds one, id = its place from 1. */
void domain_register(struct domain *domain);
/* Boot: puts it into its memory, first vCPU runnable. Prints one line and returns an error where that cannot be. */
XI_MUST_CHECK xi_err domain_start(struct domain *domain);
/* A piece of the work of making the domain again, or of scrubbing it; its pool's scheduler gives the time. */
void domain_restart_step(struct domain *domain);
/* Counter ticks that the next piece may take, as far as is known from those before it. */
uint64_t domain_restart_needs(const struct domain *domain);

/* Guest memory through stage-2, any length, crossing pages. All or nothing is not promised: on an error
 * some bytes may have been copied. XI_ERR_RANGE where the guest has no such memory. */
XI_MUST_CHECK xi_err guest_copy_from(struct domain *domain, void *to, ipa_t from, size_t size);
XI_MUST_CHECK xi_err guest_copy_to(struct domain *domain, ipa_t to, const void *from, size_t size);
