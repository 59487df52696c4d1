/* SPDX-License-Identifier: Apache-2.0 */
/* Pools and domains of the configuration, all of them, in the order in which they take memory. */
#include <stdint.h>

#include <xi/allot.h>
#include <xi/arch.h>
#include <xi/build.h>
#include <xi/check.h>
#include <xi/console.h>
#include <xi/cpu.h>
#include <xi/domain.h>
#include <xi/hypercall.h>
#include <xi/irq.h>
#include <xi/load.h>
#include <xi/loader.h>
#include <xi/pv.h>
#include <xi/sched.h>

#include "start.h"

static struct guest_map maps[CONFIG_MAX_DOMAINS];
static struct cpupool pools[CONFIG_MAX_CPUS];

static void make_pools(const struct system_config *config, struct page_heap *heap)
{
    for (uint32_t i = 0; i < config->pool_count; i++) {
        const struct config_pool *from = &config->pools[i];
        struct cpupool *pool = &pools[i];
        pool->id = i;
        pool->schedule = &from->schedule;
        for (uint32_t c = 0; c < from->cpu_count; c++) {
            if (cpus[from->cpus[c]].online) {
                pool->cpus[pool->cpu_count++] = &cpus[from->cpus[c]];
            }
        }
        for (uint32_t d = 0; d < config->domain_count; d++) {
            pool->vcpu_limit += config->domains[d].pool == i ? config->domains[d].cpus : 0;
        }
        if (pool->cpu_count == 0 && pool->vcpu_limit != 0) {
            core_stop("/chosen: cpupool-cpus: none of the CPUs of Pool-%u is online", i);
        }
        if (pool->vcpu_limit != 0) {
            pool->vcpus = pages_alloc(heap, pool->vcpu_limit * sizeof(struct vcpu *), XI_PAGE);
            if (pool->vcpus == NULL) {
                core_stop("/chosen: xen,static-heap: nothing is left for the core's own structures");
            }
        }
    }
}

static void log_domain(const struct domain *d)
{
    xi_log("d%u (%s): %u vCPUs, %lluKB, Pool-%u", d->id, d->name, d->vcpu_count,
           (unsigned long long)(d->config->memory >> 10), d->config->pool);
    for (uint32_t i = 0; i < d->map->bank_count; i++) {
        const struct guest_bank *b = &d->map->banks[i];
        xi_log("d%u BANK[%u] 0x%012llx-0x%012llx (%lluMB) at 0x%012llx", d->id, i, (unsigned long long)b->guest.ipa,
               (unsigned long long)(b->guest.ipa + b->size), (unsigned long long)(b->size >> 20),
               (unsigned long long)b->machine.pa);
    }
    for (uint32_t i = 0; i < d->config->region_count; i++) {
        const struct config_region *r = &d->config->regions[i];
        xi_log("d%u DEVICE[%u] 0x%012llx-0x%012llx at 0x%012llx", d->id, i, (unsigned long long)r->guest.ipa,
               (unsigned long long)(r->guest.ipa + r->machine.size), (unsigned long long)r->machine.start.pa);
    }
    for (uint32_t i = 0; i < d->config->interrupt_count; i++) {
        xi_log("d%u IRQ %u, %s", d->id, d->config->interrupts[i].intid, d->config->interrupts[i].edge ? "edge" : "level");
    }
}

static void assign(struct domain *d)
{
    for (uint32_t i = 0; i < d->config->interrupt_count; i++) {
        const struct config_interrupt *interrupt = &d->config->interrupts[i];
        xi_err err = irq_assign(d, interrupt->intid, interrupt->edge);
        if (err == XI_OK) {
            err = vgic_assign(d, interrupt->intid, interrupt->edge);
        }
        if (err != XI_OK) {
            core_stop("/chosen/%s: xen,path: the machine has no interrupt %u", d->name, interrupt->intid);
        }
    }
}

static void build_all(const struct system_config *config, struct page_heap *heap)
{
    for (uint32_t i = 0; i < config->domain_count; i++) {
        struct domain *d = build_domain(&config->domains[i], &maps[i], heap);
        d->load->machine = &config->machine;
        assign(d);
        console_add_domain(d);
        const struct cpupool *pool = &pools[config->domains[i].pool];
        for (uint32_t c = 0; c < pool->cpu_count; c++) {
            d->mitigation = mitigation_worse(&d->mitigation, &pool->cpus[c]->mitigation);
        }
        for (uint32_t v = 0; v < d->vcpu_count; v++) {
            sched_add_vcpu(&pools[config->domains[i].pool], d->vcpus[v]);
        }
    }
    for (uint32_t i = 0; i < config->pool_count; i++) {
        if (pools[i].vcpu_count == 0) {
            continue;
        }
        const struct cpu *odd = sched_odd_cpu(&pools[i]), *first = pools[i].cpus[0];
        if (odd != NULL) {
            core_stop("/chosen: cpupool-cpus: Pool-%u mixes CPU%u (MIDR 0x%08llx) and CPU%u (MIDR 0x%08llx)", i,
                      first->index, (unsigned long long)first->midr, odd->index, (unsigned long long)odd->midr);
        }
        if (sched_seal(&pools[i], config->pools[i].scheduler) != XI_OK) {
            core_stop("/chosen: cpupool-cpus: too few, or not the right ones, are online for what the scheduler promises");
        }
        xi_log("Pool-%u: %s, %u CPUs, %u vCPUs%s", i, sched_name(&pools[i]), pools[i].cpu_count, pools[i].vcpu_count,
               pools[i].vcpus[0]->pinned ? ", pinned" : "");
    }
}

/* What domains have in common: nobody's old data in it, in memory too, for guests that read past the caches. It outlives
 * their restarts. */
static void join(const struct system_config *config)
{
    for (uint32_t i = 0; i < config->share_count; i++) {
        loader_zero(config->shares[i].machine.start, config->shares[i].machine.size);
    }
    for (uint32_t i = 0; i < config->channel_count; i++) {
        const struct config_channel *c = &config->channels[i];
        xen_connect(domain_by_id(c->domain[0] + 1), c->port[0], domain_by_id(c->domain[1] + 1), c->port[1]);
    }
}

/* The CPUs look at their pool from cpus_run on. A pool without domains has no policy: its CPUs sleep. */
static void give_cpus(const struct system_config *config)
{
    for (uint32_t i = 0; i < config->pool_count; i++) {
        for (uint32_t c = 0; c < pools[i].cpu_count && pools[i].vcpu_count != 0; c++) {
            pools[i].cpus[c]->pool = &pools[i];
        }
    }
}

void domains_build(const struct system_config *config, struct page_heap *heap)
{
    struct config_error why;

    if (allot_memory(config, heap, maps, &why) != XI_OK) {
        core_stop("%s", why.line);
    }
    make_pools(config, heap);
    build_all(config, heap);
    join(config);
    pv_join(config, heap);
    give_cpus(config);
}

void domains_start(void)
{
    for (uint32_t i = 1; i <= domain_count(); i++) {
        log_domain(domain_by_id(i));
        if (domain_start(domain_by_id(i)) != XI_OK) {
            core_halt(); /* what is wrong has been said */
        }
    }
}
