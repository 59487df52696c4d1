/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/build.h>
#include <xi/check.h>
#include <xi/console.h>
#include <xi/guest_map.h>
#include <xi/hypercall.h>
#include <xi/irq.h>
#include <xi/load.h>
#include <xi/pv.h>
#include <xi/string.h>
#include <xi/vtimer.h>

#include "start.h"

#define SPIS_A_REGISTER 32u
#define SPARE_PAGES 160u /* that hypercalls map one by one: shared info, vCPU info, grant frames */

void *build_must_have(const struct domain *domain, const char *property, struct page_heap *heap, uint64_t size,
                      uint64_t align)
{
    void *memory = pages_alloc(heap, size, align);

    if (memory == NULL) {
        core_stop("/chosen/%s: %s: nothing is left for %lluKB of the core's own structures", domain->config->name,
                  property, (unsigned long long)(xi_align_up(size, XI_PAGE) >> 10));
    }
    return memory;
}

static void make_vcpus(struct domain *domain, struct page_heap *heap)
{
    domain->vcpu_count = domain->config->cpus;
    domain->vcpus = build_must_have(domain, "cpus", heap, domain->vcpu_count * sizeof(struct vcpu *), XI_PAGE);
    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        struct vcpu *v = build_must_have(domain, "cpus", heap, sizeof(*v), XI_PAGE);
        v->arch = build_must_have(domain, "cpus", heap, arch_vcpu_size(), XI_PAGE);
        v->domain = domain;
        v->id = i;
        v->affinity = domain->config->vcpus[i].affinity;
        domain->vcpus[i] = v;
    }
}

static void make_stage2(struct domain *domain, struct page_heap *heap)
{
    const struct guest_map *map = domain->map;
    uint64_t size = stage2_pool_size(map->banks, map->bank_count, SPARE_PAGES);

    if (map->view_count != 0) {
        size += stage2_pool_size(map->views, map->view_count, 0);
    }
    if (map->virtual_interface.size != 0) {
        size += stage2_pool_size(&map->virtual_interface, 1, 0);
    }
    for (uint32_t i = 0; i < domain->config->region_count; i++) {
        const struct config_region *region = &domain->config->regions[i];
        size += stage2_pool_size(&(struct guest_bank){region->guest, region->machine.start, region->machine.size}, 1, 0);
    }
    if (size < domain->config->p2m) {
        size = xi_align_up(domain->config->p2m, XI_PAGE);
    }
    void *pool = build_must_have(domain, size == domain->config->p2m ? "xen,domain-p2m-mem-mb" : "memory", heap, size, stage2_pool_align());
    XI_CHECK(stage2_init(&domain->stage2, domain->id, (struct pa_range){arch_va_to_pa(pool), size}) == XI_OK);
}

static uint32_t spi_count(const struct domain *domain)
{
    uint32_t count = domain->config->spis;

    if (domain->has_uart && count < domain->map->uart_intid - VGIC_PRIVATE + 1) {
        count = domain->map->uart_intid - VGIC_PRIVATE + 1;
    }
    for (uint32_t i = 0; i < domain->config->interrupt_count; i++) {
        uint32_t needed = domain->config->interrupts[i].intid - VGIC_PRIVATE + 1;
        count = count < needed ? needed : count;
    }
    return count == 0 ? SPIS_A_REGISTER : (uint32_t)xi_align_up(count, SPIS_A_REGISTER);
}

static void wake(void *vcpu)
{
    vcpu_kick(vcpu);
}

static xi_err make_gic(struct domain *domain, struct vgic_irq *spis, uint32_t count)
{
    const struct guest_map *map = domain->map;

    return map->gic_version == 3
               ? vgic_v3_init(domain, map->distributor.start, map->redistributors[0].start, spis, count)
               : vgic_v2_init(domain, map->distributor.start, map->distributor.size, spis, count);
}

/* Once: locks, timers and register ranges stay, because other CPUs may use them while the domain restarts. */
static void make_devices(struct domain *domain, struct page_heap *heap)
{
    const struct guest_map *map = domain->map;

    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        struct vcpu *v = domain->vcpus[i];
        vgic_vcpu_init(v);
        vgic_link(v, IRQ_PPI_VIRTUAL_TIMER, IRQ_PPI_VIRTUAL_TIMER);
        vtimer_init(v);
        timer_init(&v->wake, wake, v);
    }
    uint32_t count = spi_count(domain);
    struct vgic_irq *spis = build_must_have(domain, "nr_spis", heap, count * sizeof(struct vgic_irq), XI_PAGE);
    XI_CHECK(make_gic(domain, spis, count) == XI_OK);
    if (domain->has_uart) {
        XI_CHECK(vpl011_init(&domain->uart, domain, map->uart.start, map->uart_intid) == XI_OK);
    }
    xen_domain_init(domain, build_must_have(domain, "cpus", heap, xen_domain_size(domain->vcpu_count, domain->config->grant_frames), XI_PAGE));
    pv_build(domain, heap);
}

struct domain *build_domain(const struct domain_config *dc, const struct guest_map *map, struct page_heap *heap)
{
    const struct domain unmade = {.config = dc};
    struct domain *domain = build_must_have(&unmade, "memory", heap, sizeof(*domain), XI_PAGE);

    domain->config = dc;
    domain->map = map;
    memcpy(domain->name, dc->name, strnlen(dc->name, sizeof(domain->name) - 1));
    domain_register(domain);
    domain->has_uart = dc->vpl011;
    domain->load = build_must_have(domain, "memory", heap, sizeof(struct domain_load), XI_PAGE);
    make_vcpus(domain, heap);
    make_stage2(domain, heap);
    make_devices(domain, heap);
    return domain;
}
