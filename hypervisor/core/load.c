/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/console.h>
#include <xi/hypercall.h>
#include <xi/load.h>
#include <xi/pv.h>
#include <xi/vtimer.h>

/* Bytes that are mapped at a time, in blocks and page by page. */
#define MAP_BLOCKS XI_GIB(1)
#define MAP_PAGES XI_MIB(2)

static xi_err refuse(const struct domain *domain, const char *what, xi_err err)
{
    xi_log("error: /chosen/%s: %s: %s", domain->name, what, xi_err_text(err));
    return err;
}

static xi_err find_places(struct domain_load *load)
{
    const struct domain *domain = load->domain;
    const struct pa_range file = domain->config->kernel.file;
    xi_err err = loader_probe(&load->unpacker, arch_pa_to_va(file.start), file.size, &load->kernel);

    if (err != XI_OK) {
        return refuse(domain, "multiboot,kernel", err);
    }
    err = loader_place(&load->kernel, domain->config->ramdisk.file.size, domain->map->ram[0], &load->places);
    if (err != XI_OK) {
        return refuse(domain, "memory: no place for kernel, ramdisk and device tree in the first bank", err);
    }
    return XI_OK;
}

xi_err load_begin(struct domain_load *load, struct domain *domain)
{
    load->domain = domain;
    load->stage = LOAD_SCRUB;
    load->bank = 0;
    load->done = 0;
    /* Before the memory is written: what the guest told of it, such as vCPU infos, must not be written there. */
    xen_domain_close(domain);
    stage2_clear(&domain->stage2);
    return find_places(load);
}

static void log_range(const struct domain *domain, const char *what, pa_t from, struct ipa_range to)
{
    xi_log("Loading d%u %s from 0x%016llx to 0x%016llx-0x%016llx", domain->id, what, (unsigned long long)from.pa,
           (unsigned long long)to.start.ipa, (unsigned long long)(to.start.ipa + to.size));
}

static uint64_t piece_of(const struct domain_load *load, uint64_t size, uint64_t most)
{
    return size - load->done < most ? size - load->done : most;
}

static xi_err next_stage(struct domain_load *load)
{
    load->stage++;
    load->bank = 0;
    load->done = 0;
    return XI_OK;
}

/* Nothing of the last owner, or of the guest's own life before, may be seen. */
static xi_err scrub(struct domain_load *load)
{
    const struct guest_map *map = load->domain->map;
    const struct guest_bank *bank = &map->banks[load->bank];
    uint64_t size = piece_of(load, bank->size, LOAD_PIECE);

    if (pv_release(load->domain)) {
        return XI_OK; /* nobody else writes there from here on */
    }
    loader_zero((pa_t){bank->machine.pa + load->done}, size);
    load->done += size;
    if (load->done == bank->size) {
        load->done = 0;
        load->bank++;
    }
    return load->bank == map->bank_count ? next_stage(load) : XI_OK;
}

/* Of a GICv2. */
static xi_err map_interface(struct domain_load *load)
{
    const struct guest_bank *interface = &load->domain->map->virtual_interface;

    if (interface->size == 0) {
        return XI_OK;
    }
    xi_err err = stage2_map(&load->domain->stage2, interface->guest, interface->machine, interface->size, STAGE2_DEVICE);
    return err == XI_OK ? XI_OK : refuse(load->domain, "memory: virtual CPU interface", err);
}

static struct guest_bank bank_at(const struct domain *domain, uint32_t index)
{
    const struct guest_map *map = domain->map;

    if (index < map->bank_count) {
        return map->banks[index];
    }
    index -= map->bank_count;
    if (index < map->view_count) {
        return map->views[index];
    }
    const struct config_region *region = &domain->config->regions[index - map->view_count];
    return (struct guest_bank){region->guest, region->machine.start, region->machine.size};
}

/* Where nothing larger fits, a piece takes a table of pages: as long as it takes to scrub one. */
static xi_err map(struct domain_load *load)
{
    const struct guest_map *guest = load->domain->map;
    const uint32_t memories = guest->bank_count + guest->view_count;

    if (load->bank == memories + load->domain->config->region_count) {
        xi_err err = map_interface(load);
        return err == XI_OK ? next_stage(load) : err;
    }
    const struct guest_bank piece = bank_at(load->domain, load->bank), *bank = &piece;
    const enum stage2_kind kind = load->bank < memories ? STAGE2_RAM : STAGE2_DEVICE;
    bool blocks = xi_is_aligned(bank->guest.ipa | bank->machine.pa, XI_BLOCK);
    uint64_t step = blocks ? MAP_BLOCKS : MAP_PAGES;
    uint64_t ipa = bank->guest.ipa + load->done;
    uint64_t size = piece_of(load, bank->size, step - ipa % step); /* a table that is begun is finished */
    xi_err err = stage2_map(&load->domain->stage2, (ipa_t){ipa}, (pa_t){bank->machine.pa + load->done}, size, kind);
    if (err != XI_OK) {
        return refuse(load->domain, kind == STAGE2_RAM ? "memory" : "assigned device", err);
    }
    load->done += size;
    if (load->done == bank->size) {
        load->done = 0;
        load->bank++;
    }
    return XI_OK;
}

static xi_err unpack(struct domain_load *load)
{
    const struct kernel *kernel = &load->kernel;
    const uint8_t *piece;
    size_t size;
    xi_err err = load->done == 0 ? gunzip_open(&load->unpacker, kernel->payload, kernel->payload_size) : XI_OK;

    if (err == XI_OK) {
        err = gunzip_next(&load->unpacker, &piece, &size);
    }
    if (err == XI_OK && size == 0) {
        return next_stage(load);
    }
    if (err == XI_OK && size > kernel->size - load->done) {
        err = XI_ERR_NO_SPACE;
    }
    if (err == XI_OK) {
        err = loader_write(load->domain->map, (ipa_t){load->places.kernel.start.ipa + load->done}, piece, size);
        load->done += size;
    }
    return err == XI_OK ? XI_OK : refuse(load->domain, "multiboot,kernel", err);
}

/* A piece of a file that is in memory as it is. */
static xi_err copy(struct domain_load *load, const uint8_t *file, uint64_t file_size, ipa_t to)
{
    uint64_t size = piece_of(load, file_size, LOAD_PIECE);
    xi_err err = loader_write(load->domain->map, (ipa_t){to.ipa + load->done}, file + load->done, size);

    if (err != XI_OK) {
        return refuse(load->domain, "memory", err);
    }
    load->done += size;
    return load->done == file_size ? next_stage(load) : XI_OK;
}

static xi_err write_kernel(struct domain_load *load)
{
    const struct kernel *kernel = &load->kernel;

    if (load->done == 0) {
        log_range(load->domain, "kernel", load->domain->config->kernel.file.start, load->places.kernel);
    }
    return kernel->packed ? unpack(load)
                          : copy(load, kernel->payload, kernel->payload_size, load->places.kernel.start);
}

static xi_err write_ramdisk(struct domain_load *load)
{
    const struct pa_range file = load->domain->config->ramdisk.file;

    if (file.size == 0) {
        return next_stage(load);
    }
    if (load->done == 0) {
        log_range(load->domain, "ramdisk", file.start, load->places.ramdisk);
    }
    return copy(load, arch_pa_to_va(file.start), file.size, load->places.ramdisk.start);
}

static xi_err write_tree(struct domain_load *load)
{
    const struct domain *domain = load->domain;
    const struct guest_places *places = &load->places;
    const struct pa_range file = domain->config->devices.file;
    struct fdt fragment;
    size_t size;
    xi_err err = XI_OK;

    if (file.size != 0) {
        err = fdt_open(arch_pa_to_va(file.start), file.size, &fragment);
    }
    if (err == XI_OK) {
        const struct guest_dt_parts parts = {load->machine, domain->config, domain->map, places,
                                             file.size == 0 ? NULL : &fragment};
        err = guest_dt_make(load->tree, sizeof(load->tree), &parts, &size);
    }
    if (err == XI_OK) {
        xi_log("Loading d%u DTB to 0x%016llx-0x%016llx", domain->id, (unsigned long long)places->dtb.start.ipa,
               (unsigned long long)(places->dtb.start.ipa + size));
        err = loader_write(domain->map, places->dtb.start, load->tree, size);
    }
    return err == XI_OK ? XI_OK : refuse(domain, "memory: device tree", err);
}

/* Everything that a guest can have changed but its memory. Timers before the interrupts that they raise. */
static void reset_devices(struct domain *domain)
{
    uint64_t now = arch_counter();

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
    pv_open(domain);
}

static xi_err take_step(struct domain_load *load)
{
    xi_err err;

    switch (load->stage) {
    case LOAD_SCRUB:
        return scrub(load);
    case LOAD_MAP:
        return map(load);
    case LOAD_KERNEL:
        return write_kernel(load);
    case LOAD_RAMDISK:
        return write_ramdisk(load);
    case LOAD_TREE:
        err = write_tree(load);
        if (err == XI_OK) {
            reset_devices(load->domain);
            arch_icache_sync();
            err = next_stage(load);
        }
        return err;
    case LOAD_DONE:
        break;
    }
    return XI_OK;
}

xi_err load_step(struct domain_load *load)
{
    uint64_t *longest = &load->longest[load->stage];
    const uint64_t from = arch_counter();
    const xi_err err = take_step(load);
    const uint64_t took = arch_counter() - from;

    /* What was long once, and never again, is forgotten. */
    *longest -= *longest / 64;
    *longest = took > *longest ? took : *longest;
    return err;
}
