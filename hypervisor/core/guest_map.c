/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

#include <xi/guest_map.h>

/* Appends a bank. `join`: it and the guest's RAM before it are one where they touch. */
static xi_err add_bank(struct guest_map *map, uint64_t guest, uint64_t machine, uint64_t size, bool join)
{
    if (map->bank_count == GUEST_MAX_BANKS) {
        return XI_ERR_RANGE;
    }
    map->banks[map->bank_count++] = (struct guest_bank){{guest}, {machine}, size};
    struct ipa_range *last = map->ram_count == 0 ? NULL : &map->ram[map->ram_count - 1];
    if (join && last != NULL && last->start.ipa + last->size == guest) {
        last->size += size;
    } else {
        map->ram[map->ram_count++] = (struct ipa_range){{guest}, size};
    }
    return XI_OK;
}

/* Pieces one after the other, through the first window and then the second. */
static xi_err add_piece(struct guest_map *map, struct pa_range piece, uint64_t *filled)
{
    uint64_t first = 0;

    if (piece.size > GUEST_RAM0_SIZE + GUEST_RAM1_SIZE - *filled) {
        return XI_ERR_RANGE;
    }
    if (*filled < GUEST_RAM0_SIZE) {
        first = GUEST_RAM0_SIZE - *filled < piece.size ? GUEST_RAM0_SIZE - *filled : piece.size;
        xi_err err = add_bank(map, GUEST_RAM0_START + *filled, piece.start.pa, first, true);
        if (err != XI_OK) {
            return err;
        }
        *filled += first;
    }
    if (first == piece.size) {
        return XI_OK;
    }
    uint64_t guest = GUEST_RAM1_START + (*filled - GUEST_RAM0_SIZE);
    *filled += piece.size - first;
    return add_bank(map, guest, piece.start.pa + first, piece.size - first, true);
}

static struct ipa_range host(struct pa_range range)
{
    return (struct ipa_range){{range.start.pa}, range.size};
}

static void host_devices(const struct config_machine *machine, struct guest_map *map)
{
    const struct config_gic *gic = &machine->gic;

    map->distributor = host(gic->distributor);
    map->redistributor_count = gic->redistributor_count;
    for (uint32_t i = 0; i < gic->redistributor_count; i++) {
        map->redistributors[i] = host(gic->redistributors[i]);
    }
    map->cpu_interface = host(gic->cpu_interface);
    map->uart = (struct ipa_range){{machine->uart.registers.start.pa}, GUEST_UART_SIZE};
    map->uart_intid = machine->uart.intid;
}

/* Both pages, next to each other in a machine that shows each of them several times, too. */
static struct pa_range interface_pages(const struct config_gic *gic)
{
    uint64_t skip = gic->aliased ? (CONFIG_GIC_ALIASES - 1) * XI_PAGE : 0;

    return (struct pa_range){{gic->vcpu_interface.start.pa + skip}, GUEST_GICC_SIZE};
}

/* A direct-mapped guest is told of the machine's CPU interface, its aliases included. */
static void map_interface(const struct config_gic *gic, bool direct_map, struct guest_map *map)
{
    struct pa_range pages = direct_map && gic->aliased ? gic->vcpu_interface : interface_pages(gic);

    map->virtual_interface = (struct guest_bank){map->cpu_interface.start, pages.start, pages.size};
}

static void fixed_devices(struct guest_map *map)
{
    map->distributor =
        (struct ipa_range){{GUEST_GICD_START}, map->gic_version == 3 ? GUEST_GICD_SIZE : XI_PAGE};
    map->redistributor_count = map->gic_version == 3 ? 1 : 0;
    map->redistributors[0] = (struct ipa_range){{GUEST_GICR_START}, GUEST_GICR_SIZE};
    map->cpu_interface = (struct ipa_range){{GUEST_GICC_START}, GUEST_GICC_SIZE};
    map->uart = (struct ipa_range){{GUEST_UART_START}, GUEST_UART_SIZE};
    map->uart_intid = GUEST_UART_INTID;
}

/* The places of a console and of grants are those of domains that have them. */
static bool is_taken(const struct domain_config *domain, const struct guest_map *map, struct ipa_range range)
{
    const struct ipa_range grants = {{GUEST_GRANTS_START}, GUEST_GRANTS_SIZE};
    bool taken = ipa_range_overlaps(range, map->distributor) || ipa_range_overlaps(range, map->cpu_interface) ||
                 (domain->vpl011 && ipa_range_overlaps(range, map->uart)) ||
                 (domain->xen != CONFIG_XEN_NONE && ipa_range_overlaps(range, grants));

    for (uint32_t i = 0; i < map->redistributor_count; i++) {
        taken = taken || ipa_range_overlaps(range, map->redistributors[i]);
    }
    for (uint32_t i = 0; i < map->ram_count; i++) {
        taken = taken || ipa_range_overlaps(range, map->ram[i]);
    }
    for (uint32_t i = 0; i < map->view_count; i++) {
        taken = taken || ipa_range_overlaps(range, (struct ipa_range){map->views[i].guest, map->views[i].size});
    }
    return taken;
}

static xi_err add_views(const struct domain_config *domain, struct guest_map *map)
{
    map->view_count = 0;
    for (uint32_t i = 0; i < domain->view_count; i++) {
        const struct config_view *view = &domain->views[i];
        struct pa_range machine = view->share->machine;
        if (is_taken(domain, map, (struct ipa_range){view->guest, machine.size})) {
            return XI_ERR_BUSY;
        }
        map->views[map->view_count++] = (struct guest_bank){view->guest, machine.start, machine.size};
    }
    return XI_OK;
}

const struct config_region *guest_map_collision(const struct domain_config *domain, const struct guest_map *map)
{
    for (uint32_t i = 0; i < domain->region_count; i++) {
        const struct config_region *region = &domain->regions[i];
        if (is_taken(domain, map, (struct ipa_range){region->guest, region->machine.size})) {
            return region;
        }
    }
    return NULL;
}

xi_err guest_map_make(const struct config_machine *machine, const struct domain_config *domain,
                      const struct pa_range *pieces, uint32_t count, struct guest_map *map)
{
    uint64_t filled = 0;

    map->bank_count = 0;
    map->ram_count = 0;
    map->gic_version = machine->gic.version;
    for (uint32_t i = 0; i < count; i++) {
        /* A direct-mapped domain keeps each bank as it is configured, as in Xen. */
        xi_err err = domain->direct_map
                         ? add_bank(map, pieces[i].start.pa, pieces[i].start.pa, pieces[i].size, false)
                         : add_piece(map, pieces[i], &filled);
        if (err != XI_OK) {
            return err;
        }
    }
    if (domain->direct_map) {
        host_devices(machine, map);
    } else {
        fixed_devices(map);
    }
    map->virtual_interface = (struct guest_bank){0};
    if (map->gic_version == 2) {
        map_interface(&machine->gic, domain->direct_map, map);
    }
    return map->bank_count == 0 ? XI_ERR_RANGE : add_views(domain, map);
}
