/* SPDX-License-Identifier: Apache-2.0 */
/* Copies by grants, caches, and the table's size. */
#include <string.h>

#include <fake/machine.h>
#include <xi/hypercall.h>

#include "caller.h"
#include "grant_pair.h"
#include "test.h"

#define FRAME (FAKE_RAM / 4096 + 16)
#define OWN (FAKE_RAM / 4096 + 20)

static uint8_t *page(struct side *of, uint64_t frame)
{
    return of->ram + (frame * 4096 - FAKE_RAM);
}

static struct xen_grant_copy from_one(uint32_t ref, uint16_t offset, uint16_t to, uint16_t len)
{
    return (struct xen_grant_copy){
        .source = {.where = ref, .domid = 1, .offset = offset},
        .dest = {.where = OWN, .domid = SELF, .offset = to},
        .len = len,
        .flags = GNTCOPY_source_gref,
        .status = 99,
    };
}

static int16_t copy(struct side *by, struct xen_grant_copy c)
{
    EXPECT(pair_call(by, GNTTABOP_copy, &c, sizeof(c), 1) == 0);
    return c.status;
}

static void fill(void)
{
    pair_begin();
    for (uint32_t i = 0; i < 4096; i++) {
        page(&one, FRAME)[i] = (uint8_t)(i * 3 + i / 256 + 1);
    }
    memset(page(&two, OWN), 0xee, 4096);
    pair_grant(&one, 9, &two, FRAME, GTF_readonly);
}

TEST(copies_out_of_a_granted_page_and_nothing_beside_it)
{
    fill();
    EXPECT(copy(&two, from_one(9, 100, 1000, 50)) == GNTST_okay);
    EXPECT(memcmp(page(&two, OWN) + 1000, page(&one, FRAME) + 100, 50) == 0);
    EXPECT(page(&two, OWN)[999] == 0xee && page(&two, OWN)[1050] == 0xee);
    EXPECT(pair_entry(&one, 9)->flags == (GTF_permit_access | GTF_readonly) && one.domain->pv->pinned == 0);
    EXPECT(copy(&two, from_one(9, 0, 0, 4096)) == GNTST_okay);
    EXPECT(memcmp(page(&two, OWN), page(&one, FRAME), 4096) == 0);
    EXPECT(copy(&two, from_one(9, 4096, 4096, 0)) == GNTST_okay);
}

TEST(copies_into_a_granted_page_where_writing_is_granted)
{
    struct xen_grant_copy c = {
        .source = {.where = OWN, .domid = 2}, .dest = {.where = 9, .domid = 1}, .len = 8, .flags = GNTCOPY_dest_gref};

    fill();
    EXPECT(copy(&two, c) == GNTST_permission_denied && page(&one, FRAME)[0] == 1);
    pair_grant(&one, 9, &two, FRAME, 0);
    EXPECT(copy(&two, c) == GNTST_okay && page(&one, FRAME)[0] == 0xee && page(&one, FRAME)[7] == 0xee);
    EXPECT(page(&one, FRAME)[8] != 0xee && pair_entry(&one, 9)->flags == GTF_permit_access);
}

TEST(copies_between_two_grants_and_within_a_page)
{
    struct xen_grant_copy c = {.source = {.where = 9, .domid = 1},
                               .dest = {.where = 3, .domid = 2},
                               .len = 16,
                               .flags = GNTCOPY_source_gref | GNTCOPY_dest_gref};
    uint8_t expected[64];

    fill();
    pair_grant(&two, 3, &two, OWN, 0);
    EXPECT(copy(&two, c) == GNTST_okay && memcmp(page(&two, OWN), page(&one, FRAME), 16) == 0);
    /* Ranges that overlap: as if all were read first. */
    memcpy(expected, page(&one, FRAME), 64);
    c = (struct xen_grant_copy){.source = {.where = FRAME, .domid = SELF, .offset = 0},
                                .dest = {.where = FRAME, .domid = SELF, .offset = 7}, .len = 64};
    EXPECT(copy(&one, c) == GNTST_okay && memcmp(page(&one, FRAME) + 7, expected, 64) == 0);
}

TEST(copies_nothing_that_it_should_not)
{
    fill();
    EXPECT(copy(&two, from_one(9, 4000, 0, 97)) == GNTST_bad_copy_arg);
    EXPECT(copy(&two, from_one(9, 0, 4000, 97)) == GNTST_bad_copy_arg);
    EXPECT(copy(&two, from_one(9, 0xffff, 0, 1)) == GNTST_bad_copy_arg);
    EXPECT(copy(&two, from_one(9, 0, 0, 0xffff)) == GNTST_bad_copy_arg);
    EXPECT(copy(&two, from_one(10, 0, 0, 1)) == GNTST_bad_gntref);
    EXPECT(copy(&two, from_one(~0u, 0, 0, 1)) == GNTST_bad_gntref);
    struct xen_grant_copy c = from_one(9, 0, 0, 1);
    c.dest.where = ~0ull;
    EXPECT(copy(&two, c) == GNTST_bad_page);
    c.dest.where = GRANT_WINDOW / 4096;
    EXPECT(copy(&two, c) == GNTST_bad_page && one.domain->pv->pinned == 0);
    c = from_one(9, 0, 0, 1);
    c.dest.domid = 1; /* by frame: its own memory alone */
    EXPECT(copy(&two, c) == GNTST_permission_denied);
    c = from_one(9, 0, 0, 1);
    c.source.domid = 3;
    EXPECT(copy(&two, c) == GNTST_bad_domain);
    c = from_one(FRAME, 0, 0, 1);
    c.flags = 0;
    EXPECT(copy(&two, c) == GNTST_permission_denied);
    EXPECT(copy(&one, from_one(9, 0, 0, 1)) == GNTST_permission_denied); /* granted to another */
    EXPECT(page(&two, OWN)[0] == 0xee);
    xen_domain_close(one.domain);
    EXPECT(copy(&two, from_one(9, 0, 0, 1)) == GNTST_bad_domain);
}

TEST(copies_from_no_page_that_is_only_mapped)
{
    uint32_t handle;

    fill();
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map | GNTMAP_readonly, &handle) == GNTST_okay);
    struct xen_grant_copy c = {.source = {.where = OWN, .domid = SELF}, .dest = {.where = GRANT_WINDOW / 4096, .domid = SELF}, .len = 1};
    EXPECT(copy(&two, c) == GNTST_bad_page && page(&one, FRAME)[0] == 1);
}

static int64_t flush(struct side *by, uint64_t address, uint16_t offset, uint16_t length, uint32_t op)
{
    struct xen_grant_flush f = {address, offset, length, op};

    return pair_call(by, GNTTABOP_cache_flush, &f, sizeof(f), 1);
}

TEST(cleans_caches_of_what_is_mapped_alone)
{
    uint32_t handle;

    fill();
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map | GNTMAP_readonly, &handle) == GNTST_okay);
    uint64_t page_of_one = one.ram_machine + 16 * 4096, before = fake_flushed_bytes;
    EXPECT(flush(&two, page_of_one, 10, 100, GNTTAB_CACHE_CLEAN) == 0 && fake_flushed_bytes == before + 100);
    EXPECT(flush(&two, page_of_one, 0, 4096, GNTTAB_CACHE_INVAL) == 0 && fake_flushed_bytes == before + 4196);
    EXPECT(flush(&two, page_of_one, 0, 4096, 0) == 0);
    EXPECT(flush(&two, page_of_one, 4096, 0, 1) == -EINVAL && flush(&two, page_of_one, 1, 4096, 1) == -EINVAL);
    EXPECT(flush(&two, page_of_one, 0, 1, 4) == -95 && flush(&two, page_of_one, 0, 1, 1u << 31 | 1) == -95);
    EXPECT(flush(&two, page_of_one + 4096, 0, 1, 1) == -EPERM && flush(&two, ~0ull, 0, 1, 1) == -EPERM);
    EXPECT(flush(&one, page_of_one, 0, 1, 1) == -EPERM);
    EXPECT(fake_flushed_bytes == before + 4196);
}

TEST(looks_for_a_page_to_clean_some_handles_at_a_time)
{
    uint32_t handle;

    fill();
    two.domain->pv->first_free = 5000; /* as if the others were in use */
    EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map | GNTMAP_readonly, &handle) == GNTST_okay);
    uint64_t page_of_one = one.ram_machine + 16 * 4096, before = fake_flushed_bytes;
    EXPECT(handle == 5000 && flush(&two, page_of_one, 0, 1, GNTTAB_CACHE_CLEAN) == 0 && pair_rounds == 3);
    EXPECT(flush(&two, page_of_one + 4096, 0, 1, GNTTAB_CACHE_CLEAN) == -EPERM && pair_rounds == 3);
    struct xen_grant_flush twice[2] = {{page_of_one, 0, 1, GNTTAB_CACHE_CLEAN}, {page_of_one, 0, 1, GNTTAB_CACHE_CLEAN}};
    EXPECT(pair_call(&two, GNTTABOP_cache_flush, twice, sizeof(twice[0]), 2) == 0 && pair_rounds == 6);
    EXPECT(fake_flushed_bytes == before + 3);
    /* The guest may say anything of how far it is. */
    EXPECT(pair_call(&two, GNTTABOP_cache_flush | ~0ull << PV_OPERATION_BITS, twice, sizeof(twice[0]), 1) == -EPERM);
    EXPECT(pair_call(&two, GNTTABOP_map_grant_ref | 1ull << PV_OPERATION_BITS, twice, sizeof(twice[0]), 1) == -38);
}

TEST(grows_the_table_as_far_as_it_goes)
{
    struct xen_grant_setup s = {.dom = SELF, .nr_frames = 12, .status = 99, .frame_list = FAKE_RAM + 0x6000};

    pair_begin();
    memset(one.ram + 0x6000, 0x11, 256);
    EXPECT(pair_call(&one, GNTTABOP_setup_table, &s, sizeof(s), 1) == 0 && s.status == GNTST_okay);
    EXPECT(one.domain->xen->grant_frames == 12);
    EXPECT(one.ram[0x6000 + 12 * 8 - 1] == 0xff && one.ram[0x6000 + 12 * 8] == 0x11);
    s.nr_frames = 2;
    EXPECT(pair_call(&one, GNTTABOP_setup_table, &s, sizeof(s), 1) == 0 && one.domain->xen->grant_frames == 12);
    s.nr_frames = 65;
    EXPECT(pair_call(&one, GNTTABOP_setup_table, &s, sizeof(s), 1) == 0 && s.status == GNTST_general_error);
    s.dom = 2;
    EXPECT(pair_call(&one, GNTTABOP_setup_table, &s, sizeof(s), 1) == 0 && s.status == GNTST_permission_denied);
    s = (struct xen_grant_setup){.dom = SELF, .nr_frames = 1, .frame_list = NOWHERE};
    EXPECT(pair_call(&one, GNTTABOP_setup_table, &s, sizeof(s), 1) == -EFAULT);
}

/* Whatever a guest calls with, it gets an answer, its pins are counted, and the other side is as it was. */
TEST(survives_random_calls)
{
    static const uint64_t edges[] = {0, 1, 2, 3, SELF, 8, 9, 511, 512, 4095, 4096, ~0u, ~0ull, FRAME, OWN, GRANT_WINDOW,
                                     GRANT_WINDOW + 4096, GRANT_WINDOW / 4096, ARGUMENT, 1ull << 40, 1ull << 63};
    static const uint32_t commands[] = {0, 0, 1, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 11, 12};
    uint8_t record[200];

    fill();
    memset(page(&one, FRAME + 1), 0x42, 4096); /* granted to nobody */
    for (uint32_t i = 0; i < 100000; i++) {
        for (uint32_t word = 0; word < sizeof(record); word += 4) {
            uint64_t value = test_random(4) == 0 ? test_random(~0ull) : edges[test_random(sizeof(edges) / sizeof(edges[0]))];
            memcpy(record + word, &value, 4);
        }
        uint64_t command = commands[test_random(sizeof(commands) / sizeof(commands[0]))];
        (void)pair_call(&two, command, record, 40, 1 + (uint32_t)test_random(5));
        if (test_random(1000) == 0) {
            pair_restart(&two);
        }
    }
    pair_restart(&two);
    EXPECT(one.domain->pv->pinned == 0 && two.domain->pv->mapped == 0);
    EXPECT(pair_entry(&one, 9)->flags == (GTF_permit_access | GTF_readonly));
    for (uint32_t i = 0; i < 4096; i++) {
        if (page(&one, FRAME + 1)[i] != 0x42 || page(&one, FRAME)[i] != (uint8_t)(i * 3 + i / 256 + 1)) {
            EXPECT(!"written by another domain");
            break;
        }
    }
}
