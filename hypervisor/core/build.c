/* SPDX-License-Identifier: Apache-2.0 */
/* Makes domains of their configuration: memory first, for all of them, then everything else. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/build.h>
#include <xi/check.h>
#include <xi/console.h>
#include <xi/guest_dt.h>
#include <xi/guest_map.h>
#include <xi/hypercall.h>
#include <xi/irq.h>
#include <xi/loader.h>
#include <xi/string.h>
#include <xi/vtimer.h>

#define SPIS_A_REGISTER 32u
#define SPARE_PAGES 160u /* that hypercalls map one by one: shared info, vCPU info, grant frames */

static const struct config_machine *machine;

/* Device tree of the domain that is just made; they are made one after the other. */
static uint8_t tree[GUEST_DT_MAX_BYTES] __attribute__((aligned(8)));

static void *must_have(struct page_heap *heap, uint64_t size, uint64_t align)
{
    void *memory = pages_alloc(heap, size, align);

    if (memory == NULL) {
        xi_panic("no memory for the core's own structures");
    }
    return memory;
}

static xi_err refuse(const struct domain *domain, const char *what, xi_err err)
{
    xi_log("error: d%u (%s): %s: %s", domain->id, domain->name, what, xi_err_text(err));
    return err;
}

xi_err build_memory(const struct system_config *config, const struct domain_config *dc, struct page_heap *heap,
                    struct guest_map *map)
{
    static struct pa_range pieces[GUEST_MAX_BANKS];
    const struct pa_range *from = &config->static_banks[dc->bank_first];
    uint32_t count = dc->bank_count;

    if (count == 0) {
        xi_err err = pages_take(heap, dc->memory, pieces, GUEST_MAX_BANKS, &count);
        if (err != XI_OK) {
            return err;
        }
        from = pieces;
    }
    return guest_map_make(&config->machine, dc, from, count, map);
}

static void make_vcpus(struct domain *domain, struct page_heap *heap)
{
    domain->vcpu_count = domain->config->cpus;
    domain->vcpus = must_have(heap, domain->vcpu_count * sizeof(struct vcpu *), XI_PAGE);
    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        struct vcpu *v = must_have(heap, sizeof(*v), XI_PAGE);
        v->arch = must_have(heap, arch_vcpu_size(), XI_PAGE);
        v->domain = domain;
        v->id = i;
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

    if (size < domain->config->p2m) {
        size = xi_align_up(domain->config->p2m, XI_PAGE);
    }
    void *pool = must_have(heap, size, stage2_pool_align());
    XI_CHECK(stage2_init(&domain->stage2, domain->id, (struct pa_range){arch_va_to_pa(pool), size}) == XI_OK);
}

static uint32_t spi_count(const struct domain *domain)
{
    uint32_t count = domain->config->spis;

    if (domain->has_uart && count < domain->map->uart_intid - VGIC_PRIVATE + 1) {
        count = domain->map->uart_intid - VGIC_PRIVATE + 1;
    }
    return count == 0 ? SPIS_A_REGISTER : (uint32_t)xi_align_up(count, SPIS_A_REGISTER);
}

static void wake(void *vcpu)
{
    vcpu_kick(vcpu);
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
    struct vgic_irq *spis = must_have(heap, count * sizeof(struct vgic_irq), XI_PAGE);
    XI_CHECK(vgic_v3_init(domain, map->distributor.start, map->redistributors[0].start, spis, count) == XI_OK);
    if (domain->has_uart) {
        XI_CHECK(vpl011_init(&domain->uart, domain, map->uart.start, map->uart_intid) == XI_OK);
    }
    xen_domain_init(domain, must_have(heap, xen_domain_size(domain->vcpu_count), XI_PAGE));
}

struct domain *build_domain(const struct system_config *config, const struct domain_config *dc,
                            const struct guest_map *map, struct page_heap *heap)
{
    struct domain *domain = must_have(heap, sizeof(*domain), XI_PAGE);

    machine = &config->machine;
    domain->config = dc;
    domain->map = map;
    memcpy(domain->name, dc->name, strnlen(dc->name, sizeof(domain->name) - 1));
    domain_register(domain);
    domain->has_uart = dc->vpl011;
    make_vcpus(domain, heap);
    make_stage2(domain, heap);
    make_devices(domain, heap);
    return domain;
}

/* Everything that a guest can have changed but its memory. Timers before the interrupts that they raise. */
static void reset_devices(struct domain *domain)
{
    uint64_t now = arch_counter();

    xen_domain_close(domain);
    for (uint32_t i = 0; i < domain->vcpu_count; i++) {
        struct vcpu *v = domain->vcpus[i];
        vtimer_reset(v);
        timer_cancel(&v->wake);
        v->timer_live = false;
        arch_vcpu_set_counter_offset(v, now);
    }
    vgic_reset(domain);
    if (domain->has_uart) {
        vpl011_reset(&domain->uart);
    }
    xen_domain_open(domain);
}

static xi_err map_memory(struct domain *domain)
{
    const struct guest_map *map = domain->map;

    stage2_clear(&domain->stage2);
    for (uint32_t i = 0; i < map->bank_count; i++) {
        const struct guest_bank *b = &map->banks[i];
        xi_err err = stage2_map(&domain->stage2, b->guest, b->machine, b->size, STAGE2_RAM);
        if (err != XI_OK) {
            return err;
        }
    }
    for (uint32_t i = 0; i < map->view_count; i++) {
        const struct guest_bank *v = &map->views[i];
        xi_err err = stage2_map(&domain->stage2, v->guest, v->machine, v->size, STAGE2_RAM);
        if (err != XI_OK) {
            return err;
        }
    }
    return XI_OK;
}

static void log_range(const struct domain *domain, const char *what, pa_t from, struct ipa_range to)
{
    xi_log("Loading d%u %s from 0x%016llx to 0x%016llx-0x%016llx", domain->id, what, (unsigned long long)from.pa,
           (unsigned long long)to.start.ipa, (unsigned long long)(to.start.ipa + to.size));
}

static xi_err load_kernel(struct domain *domain, struct guest_places *places)
{
    const struct pa_range file = domain->config->kernel.file;
    const struct pa_range ramdisk = domain->config->ramdisk.file;
    struct kernel kernel;
    xi_err err = loader_probe(arch_pa_to_va(file.start), file.size, &kernel);

    if (err != XI_OK) {
        return refuse(domain, "kernel", err);
    }
    err = loader_place(&kernel, ramdisk.size, domain->map->ram[0], places);
    if (err != XI_OK) {
        return refuse(domain, "no place for kernel, ramdisk and device tree in the first bank", err);
    }
    log_range(domain, "kernel", file.start, places->kernel);
    err = loader_write_kernel(domain->map, places, &kernel);
    if (err != XI_OK) {
        return refuse(domain, "kernel", err);
    }
    if (ramdisk.size == 0) {
        return XI_OK;
    }
    log_range(domain, "ramdisk", ramdisk.start, places->ramdisk);
    return loader_write(domain->map, places->ramdisk.start, arch_pa_to_va(ramdisk.start), ramdisk.size);
}

static xi_err load_tree(struct domain *domain, const struct guest_places *places)
{
    size_t size;
    xi_err err = guest_dt_make(tree, sizeof(tree), machine, domain->config, domain->map, places, &size);

    if (err != XI_OK) {
        return refuse(domain, "device tree", err);
    }
    xi_log("Loading d%u DTB to 0x%016llx-0x%016llx", domain->id, (unsigned long long)places->dtb.start.ipa,
           (unsigned long long)(places->dtb.start.ipa + size));
    return loader_write(domain->map, places->dtb.start, tree, size);
}

xi_err domain_start(struct domain *domain)
{
    struct guest_places places;

    reset_devices(domain);
    xi_err err = map_memory(domain);
    if (err != XI_OK) {
        return refuse(domain, "memory", err);
    }
    loader_scrub(domain->map);
    err = load_kernel(domain, &places);
    if (err == XI_OK) {
        err = load_tree(domain, &places);
    }
    if (err != XI_OK) {
        return err;
    }
    arch_icache_sync();
    console_domain_began(domain);
    return vcpu_on(domain->vcpus[0], places.entry.ipa, places.dtb.start.ipa);
}
