/* SPDX-License-Identifier: Apache-2.0 */
/* Mapping of granted pages: what is allowed, what is refused, and what is left when either side ends. */
#include <string.h>

#include <fake/machine.h>
#include <xi/arch.h>
#include <xi/hypercall.h>

#include "caller.h"
#include "grant_pair.h"
#include "test.h"

#define FRAME (FAKE_RAM / 4096 + 16)
#define FRAME_OFFSET (16 * 4096)
#define WRITABLE (3ull << 6)
#define READABLE (1ull << 6)
#define EXECUTE_NEVER (1ull << 54)

static uint32_t handle;

TEST(maps_a_granted_page_and_gives_it_back)
{
    pair_begin();
    pair_grant(&one, 9, &two, FRAME, 0);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_okay);
    EXPECT(pair_machine(&two, GRANT_WINDOW) == one.ram_machine + FRAME_OFFSET);
    EXPECT((pair_descriptor(&two, GRANT_WINDOW) & (WRITABLE | EXECUTE_NEVER)) == (WRITABLE | EXECUTE_NEVER));
    EXPECT(pair_entry(&one, 9)->flags == (GTF_permit_access | GTF_reading | GTF_writing));
    EXPECT(pair_unmap(&two, handle, GRANT_WINDOW) == GNTST_okay);
    EXPECT(pair_descriptor(&two, GRANT_WINDOW) == 0);
    EXPECT(pair_entry(&one, 9)->flags == GTF_permit_access);
    EXPECT(pair_entry(&one, 9)->domid == 2 && pair_entry(&one, 9)->frame == FRAME);
}

TEST(maps_for_reading_what_is_granted_for_reading)
{
    pair_begin();
    pair_grant(&one, 9, &two, FRAME, GTF_readonly);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_permission_denied);
    EXPECT(pair_descriptor(&two, GRANT_WINDOW) == 0 && pair_entry(&one, 9)->flags == (GTF_permit_access | GTF_readonly));
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map | GNTMAP_readonly, &handle) == GNTST_okay);
    EXPECT((pair_descriptor(&two, GRANT_WINDOW) & WRITABLE) == READABLE);
    EXPECT(pair_entry(&one, 9)->flags == (GTF_permit_access | GTF_readonly | GTF_reading));
}

TEST(keeps_an_entry_in_use_until_its_last_mapping_goes)
{
    uint32_t reader, writer;

    pair_begin();
    pair_grant(&one, 9, &two, FRAME, 0);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &writer) == GNTST_okay);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW + 4096, GNTMAP_host_map | GNTMAP_readonly, &reader) == GNTST_okay);
    EXPECT(pair_unmap(&two, writer, GRANT_WINDOW) == GNTST_okay);
    EXPECT(pair_entry(&one, 9)->flags == (GTF_permit_access | GTF_reading));
    EXPECT(pair_unmap(&two, reader, GRANT_WINDOW + 4096) == GNTST_okay);
    EXPECT(pair_entry(&one, 9)->flags == GTF_permit_access);
}

TEST(maps_nothing_that_was_not_granted)
{
    static const struct {
        struct xen_grant_entry entry;
        struct xen_grant_map map;
        int16_t status;
    } cases[] = {
        {{1, 2, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 10, .dom = 1}, GNTST_bad_gntref},
        {{1, 2, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 8 * 512, .dom = 1}, GNTST_bad_gntref},
        {{1, 2, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 64 * 512, .dom = 1}, GNTST_bad_gntref},
        {{1, 2, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = ~0u, .dom = 1}, GNTST_bad_gntref},
        {{0, 2, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 9, .dom = 1}, GNTST_bad_gntref},
        {{2, 2, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 9, .dom = 1}, GNTST_bad_gntref},
        {{3, 2, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 9, .dom = 1}, GNTST_bad_gntref},
        {{0x101, 2, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 9, .dom = 1}, GNTST_bad_gntref},
        {{1, 1, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 9, .dom = 1}, GNTST_permission_denied},
        {{1, 3, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 9, .dom = 1}, GNTST_permission_denied},
        {{1, SELF, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 9, .dom = 1}, GNTST_permission_denied},
        {{1, 2, 0}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 9, .dom = 1}, GNTST_bad_page},
        {{1, 2, GICD / 4096}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 9, .dom = 1}, GNTST_bad_page},
        {{1, 2, ~0u}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 9, .dom = 1}, GNTST_bad_page},
        {{1, 2, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 9, .dom = 0}, GNTST_bad_domain},
        {{1, 2, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 9, .dom = 3}, GNTST_bad_domain},
        {{1, 2, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 9, .dom = 0xffff}, GNTST_bad_domain},
        {{1, 2, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 2, .ref = 9, .dom = SELF}, GNTST_bad_gntref},
        {{1, 2, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 0, .ref = 9, .dom = 1}, GNTST_general_error},
        {{1, 2, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 1, .ref = 9, .dom = 1}, GNTST_general_error},
        {{1, 2, FRAME}, {.host_addr = GRANT_WINDOW, .flags = 0x12, .ref = 9, .dom = 1}, GNTST_general_error},
        {{1, 2, FRAME}, {.host_addr = GRANT_WINDOW + 8, .flags = 2, .ref = 9, .dom = 1}, GNTST_bad_virt_addr},
        {{1, 2, FRAME}, {.host_addr = 1ull << 40, .flags = 2, .ref = 9, .dom = 1}, GNTST_bad_virt_addr},
        {{1, 2, FRAME}, {.host_addr = ~0xfffull, .flags = 2, .ref = 9, .dom = 1}, GNTST_bad_virt_addr},
    };

    for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        pair_begin();
        struct xen_grant_map m = cases[i].map;
        *pair_entry(&one, 9) = cases[i].entry;
        EXPECT(pair_call(&two, GNTTABOP_map_grant_ref, &m, sizeof(m), 1) == 0);
        EXPECT(m.status == cases[i].status);
        EXPECT(pair_descriptor(&two, GRANT_WINDOW) == 0);
        EXPECT(memcmp(pair_entry(&one, 9), &cases[i].entry, sizeof(cases[i].entry)) == 0);
        EXPECT(two.domain->pv->mapped == 0 && one.domain->pv->pinned == 0);
    }
}

TEST(shares_nothing_with_a_domain_that_has_no_devices_of_others)
{
    struct xen_grant_map m = {.host_addr = GRANT_WINDOW, .flags = GNTMAP_host_map, .ref = 9, .dom = 1};

    pair_begin();
    pair_grant(&one, 9, &two, FRAME, 0);
    one.domain->pv = NULL;
    EXPECT(pair_call(&two, GNTTABOP_map_grant_ref, &m, sizeof(m), 1) == 0 && m.status == GNTST_bad_domain);
    EXPECT(pair_call(&one, GNTTABOP_map_grant_ref, &m, sizeof(m), 1) == -ENOSYS);
    config.xen = CONFIG_XEN_NONE;
    EXPECT(pv_size(&config) == 0);
}

TEST(unmaps_by_handle_and_address_and_once)
{
    pair_begin();
    pair_grant(&one, 9, &two, FRAME, 0);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_okay);
    EXPECT(pair_unmap(&two, handle + 1, GRANT_WINDOW) == GNTST_bad_handle);
    EXPECT(pair_unmap(&two, ~0u, GRANT_WINDOW) == GNTST_bad_handle);
    EXPECT(pair_unmap(&two, two.domain->pv->mapping_count, GRANT_WINDOW) == GNTST_bad_handle);
    EXPECT(pair_unmap(&two, handle, GRANT_WINDOW + 4096) == GNTST_bad_virt_addr);
    EXPECT(pair_unmap(&two, handle, 0) == GNTST_bad_virt_addr);
    EXPECT(pair_unmap(&one, handle, GRANT_WINDOW) == GNTST_bad_handle); /* another domain's */
    EXPECT(pair_machine(&two, GRANT_WINDOW) == one.ram_machine + FRAME_OFFSET);
    EXPECT(pair_unmap(&two, handle, GRANT_WINDOW) == GNTST_okay);
    EXPECT(pair_unmap(&two, handle, GRANT_WINDOW) == GNTST_bad_handle);
}

TEST(leaves_what_the_guest_has_put_in_the_place_of_a_mapping)
{
    uint32_t other;

    pair_begin();
    pair_grant(&one, 9, &two, FRAME, 0);
    pair_grant(&one, 10, &two, FRAME + 1, 0);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_okay);
    EXPECT(pair_map(&two, &one, 10, GRANT_WINDOW, GNTMAP_host_map, &other) == GNTST_okay);
    EXPECT(pair_unmap(&two, handle, GRANT_WINDOW) == GNTST_okay);
    EXPECT(pair_machine(&two, GRANT_WINDOW) == one.ram_machine + FRAME_OFFSET + 4096);
    EXPECT(pair_entry(&one, 9)->flags == GTF_permit_access);
    EXPECT(pair_unmap(&two, other, GRANT_WINDOW) == GNTST_okay && pair_descriptor(&two, GRANT_WINDOW) == 0);
}

TEST(takes_many_records_some_at_a_time)
{
    struct xen_grant_map maps[30];
    struct xen_grant_unmap unmaps[30];

    pair_begin();
    for (uint32_t i = 0; i < 30; i++) {
        pair_grant(&one, i, &two, FRAME + i, 0);
        maps[i] = (struct xen_grant_map){GRANT_WINDOW + i * 4096, GNTMAP_host_map, i, 1, 99, 99, 99};
    }
    EXPECT(pair_call(&two, GNTTABOP_map_grant_ref, maps, sizeof(maps[0]), 30) == 0 && pair_rounds == 4);
    for (uint32_t i = 0; i < 30; i++) {
        EXPECT(maps[i].status == GNTST_okay && maps[i].handle == i);
        EXPECT(maps[i].dev_bus_addr == one.ram_machine + FRAME_OFFSET + i * 4096);
        EXPECT(pair_machine(&two, GRANT_WINDOW + i * 4096) == maps[i].dev_bus_addr);
        unmaps[i] = (struct xen_grant_unmap){GRANT_WINDOW + i * 4096, 0, i, 99, 0};
    }
    EXPECT(pair_call(&two, GNTTABOP_unmap_grant_ref, unmaps, sizeof(unmaps[0]), 30) == 0 && pair_rounds == 4);
    EXPECT(two.domain->pv->mapped == 0 && unmaps[29].status == GNTST_okay);
    EXPECT(pair_call(&two, GNTTABOP_map_grant_ref, maps, sizeof(maps[0]), 0) == 0 && pair_rounds == 1);
}

TEST(refuses_arrays_that_lead_nowhere)
{
    static const uint32_t commands[] = {GNTTABOP_map_grant_ref, GNTTABOP_unmap_grant_ref, GNTTABOP_copy,
                                        GNTTABOP_setup_table, GNTTABOP_cache_flush};

    pair_begin();
    for (uint32_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        EXPECT(call(0, GRANT, commands[i], NOWHERE, 1) == -EFAULT);
        EXPECT(call(0, GRANT, commands[i], FAKE_RAM + FAKE_RAM_BYTES - 1, 1) == -EFAULT);
        EXPECT(call(0, GRANT, commands[i], ARGUMENT, 0x80000000) == -EINVAL);
    }
    EXPECT(call(0, GRANT, 3, ARGUMENT, 1) == -ENOSYS && call(0, GRANT, 7, ARGUMENT, 1) == -ENOSYS);
    EXPECT(call(0, GRANT, ~0u, ARGUMENT, 1) == -ENOSYS);
}

TEST(has_as_many_handles_as_were_set_aside)
{
    uint32_t count;

    pair_begin();
    pair_grant(&one, 9, &two, FRAME, 0);
    count = two.domain->pv->mapping_count;
    for (uint32_t i = 0; i < count; i++) {
        EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW + i * 4096ull, GNTMAP_host_map, &handle) == GNTST_okay);
    }
    EXPECT(count > 4096 && pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_no_space);
    EXPECT(one.domain->pv->pins[9].all == count);
    EXPECT(pair_unmap(&two, 77, GRANT_WINDOW + 77 * 4096) == GNTST_okay);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_okay && handle == 77);
}

TEST(tells_the_domain_whose_tables_are_full_and_nobody_else)
{
    uint64_t at = GRANT_WINDOW;
    int16_t status = GNTST_okay;

    pair_begin();
    pair_grant(&one, 9, &two, FRAME, 0);
    while (status == GNTST_okay && at < 1ull << 39) {
        status = pair_map(&two, &one, 9, at, GNTMAP_host_map, &handle);
        at += 1ull << 30; /* each wants tables of its own */
    }
    EXPECT(status == GNTST_no_space && two.domain->pv->mapped == one.domain->pv->pinned);
    pair_grant(&two, 9, &one, FRAME, 0);
    EXPECT(pair_map(&one, &two, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_okay);
}

TEST(a_granted_page_is_nobodys_argument_and_granted_no_further)
{
    struct xen_grant_map m = {.host_addr = GRANT_WINDOW, .flags = GNTMAP_host_map, .ref = 9, .dom = 1};

    pair_begin();
    pair_grant(&one, 9, &two, FRAME, 0);
    EXPECT(pair_call(&two, GNTTABOP_map_grant_ref, &m, sizeof(m), 1) == 0);
    two.vcpu->regs.x[0] = GNTTABOP_query_size;
    two.vcpu->regs.x[1] = GRANT_WINDOW;
    hypercall(two.vcpu);
    EXPECT((int64_t)two.vcpu->regs.x[0] == -EFAULT);
    pair_grant(&two, 9, &one, GRANT_WINDOW / 4096, 0);
    EXPECT(pair_map(&one, &two, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_bad_page);
}

TEST(a_granter_that_ends_leaves_the_other_a_page_of_its_own)
{
    pair_begin();
    pair_grant(&one, 9, &two, FRAME, 0);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_okay);
    pair_restart(&one);
    EXPECT(pair_machine(&two, GRANT_WINDOW) == arch_va_to_pa(two.domain->pv->sink).pa);
    EXPECT((pair_descriptor(&two, GRANT_WINDOW) & (WRITABLE | EXECUTE_NEVER)) == (WRITABLE | EXECUTE_NEVER));
    /* Its new life has nothing to do with that. */
    pair_grant(&one, 9, &two, FRAME, 0);
    EXPECT(pair_unmap(&two, handle, GRANT_WINDOW) == GNTST_okay);
    EXPECT(pair_descriptor(&two, GRANT_WINDOW) == 0 && pair_entry(&one, 9)->flags == GTF_permit_access);
}

TEST(who_ends_with_mappings_gives_the_grants_back)
{
    pair_begin();
    pair_grant(&one, 9, &two, FRAME, 0);
    pair_grant(&two, 9, &two, FRAME, 0);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_okay);
    EXPECT(pair_map(&two, &two, 9, GRANT_WINDOW + 4096, GNTMAP_host_map, &handle) == GNTST_okay);
    memset(two.domain->pv->sink, 0x77, 4096);
    pair_restart(&two);
    EXPECT(pair_entry(&one, 9)->flags == GTF_permit_access && one.domain->pv->pinned == 0);
    EXPECT(two.domain->pv->mapped == 0 && two.domain->pv->pinned == 0);
    EXPECT(*(uint8_t *)two.domain->pv->sink == 0); /* of its former life, too */
}

/* What a domain had mapped, and what others had mapped of it, each to its end and no twice. */
TEST(an_end_is_told_with_the_mappings_that_it_ends)
{
    uint32_t other;

    pair_begin();
    pair_grant(&one, 9, &two, FRAME, 0);
    pair_grant(&two, 9, &one, FRAME, 0);
    for (uint32_t i = 0; i < 7; i++) {
        EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW + i * 4096, GNTMAP_host_map, &handle) == GNTST_okay);
    }
    EXPECT(pair_map(&one, &two, 9, GRANT_WINDOW, GNTMAP_host_map, &other) == GNTST_okay);
    EXPECT(pair_unmap(&two, handle, GRANT_WINDOW + 6 * 4096) == GNTST_okay);
    EXPECT(one.domain->pv->pins[9].all == 6 && two.domain->pv->pins[9].all == 1);
    pair_restart(&one);
    EXPECT(strcmp(pair_log, "d1 () gave back 1 mappings of grants, and took back 6 of its own") == 0);
    EXPECT(one.domain->pv->pinned == 0 && two.domain->pv->pinned == 0 && two.domain->pv->mapped == 6);
    pair_log[0] = '\0';
    pair_restart(&one); /* nothing is left to be told */
    pair_restart(&two); /* what it has mapped is nobody's any more */
    EXPECT(pair_log[0] == '\0' && two.domain->pv->mapped == 0);
    pair_grant(&one, 9, &two, FRAME, 0);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_okay);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW + 4096, GNTMAP_host_map, &handle) == GNTST_okay);
    pair_restart(&two);
    EXPECT(strcmp(pair_log, "d2 () gave back 2 mappings of grants, and took back 0 of its own") == 0);
    EXPECT(one.domain->pv->pins[9].all == 0 && pair_entry(&one, 9)->flags == GTF_permit_access);
}

TEST(a_preserved_domain_lets_go_of_pages_without_being_cleared)
{
    pair_begin();
    pair_grant(&one, 9, &two, FRAME, 0);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_okay);
    xen_domain_close(two.domain);
    while (pv_release(two.domain)) {
    }
    EXPECT(pair_descriptor(&two, GRANT_WINDOW) == 0 && pair_entry(&one, 9)->flags == GTF_permit_access);
}

TEST(a_domain_that_has_ended_grants_and_maps_nothing)
{
    pair_begin();
    pair_grant(&one, 9, &two, FRAME, 0);
    xen_domain_close(one.domain);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_bad_domain);
    pair_begin();
    pair_grant(&one, 9, &two, FRAME, 0);
    xen_domain_close(two.domain);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_general_error);
    EXPECT(pair_descriptor(&two, GRANT_WINDOW) == 0 && pair_entry(&one, 9)->flags == GTF_permit_access);
}

TEST(ends_in_bounded_pieces)
{
    uint32_t pieces = 0;

    pair_begin();
    for (uint32_t i = 0; i < 100; i++) {
        pair_grant(&one, i, &two, FRAME, 0);
        EXPECT(pair_map(&two, &one, i, GRANT_WINDOW + i * 4096ull, GNTMAP_host_map, &handle) == GNTST_okay);
    }
    xen_domain_close(one.domain);
    uint64_t flushes = fake_page_flushes;
    while (pv_release(one.domain)) {
        pieces++;
        EXPECT(fake_page_flushes - flushes <= 8);
        flushes = fake_page_flushes;
    }
    EXPECT(pieces >= 100 / 8 && pieces < 200);
    EXPECT(!pv_release(one.domain)); /* again, from the beginning */
}

/* What must hold: a mapping for each handle that is not hidden by a later one, and pins as handles say. */
struct model {
    bool live;
    struct side *of; /* NULL: gone */
    uint32_t ref;
    uint64_t at, machine;
    bool write;
};
enum { HANDLES = 40, REFS = 6, PLACES = 12 };
static struct model models[2][HANDLES];
static uint64_t places[2][PLACES]; /* what is seen there: machine address; 0: nothing */

static struct side *side(uint32_t index) { return index == 0 ? &one : &two; }

static uint64_t place(uint64_t n) { return GRANT_WINDOW + n * 4096; }

static void model_map(uint32_t by)
{
    uint32_t granter = (uint32_t)test_random(2), ref = (uint32_t)test_random(REFS), at = (uint32_t)test_random(PLACES);
    uint32_t flags = GNTMAP_host_map | (test_random(2) == 0 ? GNTMAP_readonly : 0), got;
    const struct xen_grant_entry *e = pair_entry(side(granter), ref);
    bool write = (flags & GNTMAP_readonly) == 0;
    bool allowed = (e->flags & 3) == 1 && e->domid == by + 1 && !(write && (e->flags & GTF_readonly) != 0);
    uint64_t machine = side(granter)->ram_machine + (uint64_t)e->frame * 4096 - FAKE_RAM;
    int16_t status = pair_map(side(by), side(granter), ref, place(at), flags, &got);

    EXPECT((status == GNTST_okay) == allowed);
    if (status != GNTST_okay || got >= HANDLES) {
        EXPECT(status != GNTST_okay || pair_unmap(side(by), got, place(at)) == GNTST_okay);
        places[by][at] = status == GNTST_okay ? 0 : places[by][at];
        return;
    }
    EXPECT(!models[by][got].live);
    models[by][got] = (struct model){true, side(granter), ref, place(at), machine, write};
    places[by][at] = machine;
}

static void model_unmap(uint32_t by)
{
    uint32_t h = (uint32_t)test_random(HANDLES);
    struct model *m = &models[by][h];
    uint64_t at = test_random(8) == 0 ? place(test_random(PLACES)) : m->at;
    int16_t status = pair_unmap(side(by), h, at);

    EXPECT(status == (!m->live ? GNTST_bad_handle : at != m->at ? GNTST_bad_virt_addr : GNTST_okay));
    if (status == GNTST_okay) {
        uint64_t *seen = &places[by][(m->at - GRANT_WINDOW) / 4096];
        *seen = *seen == m->machine ? 0 : *seen;
        m->live = false;
    }
}

static void model_restart(uint32_t which)
{
    uint32_t other = 1 - which;
    uint64_t sink = arch_va_to_pa(side(other)->domain->pv->sink).pa;

    pair_restart(side(which));
    memset(models[which], 0, sizeof(models[which]));
    memset(places[which], 0, sizeof(places[which]));
    for (uint32_t h = 0; h < HANDLES; h++) {
        struct model *m = &models[other][h];
        if (m->live && m->of == side(which)) {
            uint64_t *seen = &places[other][(m->at - GRANT_WINDOW) / 4096];
            *seen = *seen == m->machine ? sink : *seen;
            m->of = NULL;
            m->machine = sink;
        }
    }
}

static void model_compare(void)
{
    for (uint32_t d = 0; d < 2; d++) {
        for (uint32_t p = 0; p < PLACES; p++) {
            EXPECT(pair_machine(side(d), place(p)) == places[d][p]);
        }
        for (uint32_t r = 0; r < REFS; r++) {
            uint32_t all = 0, writing = 0;
            for (uint32_t i = 0; i < 2 * HANDLES; i++) {
                const struct model *m = &models[i / HANDLES][i % HANDLES];
                bool counts = m->live && m->of == side(d) && m->ref == r;
                all += counts;
                writing += counts && m->write;
            }
            const struct pv_pins *pins = &side(d)->domain->pv->pins[r];
            EXPECT(pins->all == all && pins->writing == writing);
        }
    }
}

TEST(holds_what_must_hold_through_random_histories)
{
    for (uint32_t history = 0; history < 60; history++) {
        pair_begin();
        memset(models, 0, sizeof(models));
        memset(places, 0, sizeof(places));
        for (uint32_t step = 0; step < 300; step++) {
            uint32_t by = (uint32_t)test_random(2);
            switch (test_random(40) == 0 ? 3 : test_random(3)) {
            case 0:
                model_map(by);
                break;
            case 1:
                model_unmap(by);
                break;
            case 2: /* the granter writes what it likes, in use or not */
                *pair_entry(side(by), (uint32_t)test_random(REFS)) =
                    (struct xen_grant_entry){(uint16_t)(test_random(8)), (uint16_t)(1 + test_random(2)),
                                             (uint32_t)(FAKE_RAM / 4096 + 16 + test_random(4))};
                break;
            default:
                model_restart(by);
                break;
            }
            if (step % 10 == 0) {
                model_compare();
            }
        }
        model_compare();
    }
}

TEST(a_grant_is_marked_as_written_while_one_mapping_of_two_writes)
{
    uint32_t first, second, third;

    pair_begin();
    pair_grant(&one, 9, &two, FAKE_RAM / 4096 + 16, 0);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &first) == GNTST_okay);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW + 4096, GNTMAP_host_map, &second) == GNTST_okay);
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW + 8192, GNTMAP_host_map | GNTMAP_readonly, &third) == GNTST_okay);
    EXPECT(pair_unmap(&two, first, GRANT_WINDOW) == GNTST_okay);
    EXPECT((pair_entry(&one, 9)->flags & (GTF_reading | GTF_writing)) == (GTF_reading | GTF_writing));
    EXPECT(pair_unmap(&two, second, GRANT_WINDOW + 4096) == GNTST_okay);
    EXPECT((pair_entry(&one, 9)->flags & (GTF_reading | GTF_writing)) == GTF_reading);
    EXPECT(pair_unmap(&two, third, GRANT_WINDOW + 8192) == GNTST_okay);
    EXPECT((pair_entry(&one, 9)->flags & (GTF_reading | GTF_writing)) == 0);
}

TEST(a_reference_is_used_as_often_as_its_count_goes)
{
    pair_begin();
    pair_grant(&one, 9, &two, FAKE_RAM / 4096 + 16, 0);
    one.domain->pv->pins[9].all = UINT16_MAX; /* as if it were mapped so often */
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_no_space);
    EXPECT(one.domain->pv->pins[9].all == UINT16_MAX && pair_machine(&two, GRANT_WINDOW) == 0);
}
