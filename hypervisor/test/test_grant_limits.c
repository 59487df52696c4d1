/* SPDX-License-Identifier: Apache-2.0 */
/* What a domain may grant and map at most, as its configuration says. */
#include <string.h>

#include <xi/arch.h>
#include <xi/hypercall.h>

#include "caller.h"
#include "grant_pair.h"
#include "test.h"

#define FRAME (FAKE_RAM / 4096 + 16)
#define LIST (FAKE_RAM + 0x6000u)

static uint32_t handle;

static struct xen_grant_query_size query(struct side *by)
{
    struct xen_grant_query_size q = {.dom = SELF};

    EXPECT(pair_call(by, GNTTABOP_query_size, &q, sizeof(q), 1) == 0 && q.status == GNTST_okay);
    return q;
}

static int16_t set_up(struct side *by, uint32_t frames)
{
    struct xen_grant_setup s = {.dom = SELF, .nr_frames = frames, .status = 99, .frame_list = LIST};

    EXPECT(pair_call(by, GNTTABOP_setup_table, &s, sizeof(s), 1) == 0);
    return s.status;
}

/* Whether the domain's table has exactly so many frames, however the guest asks for them. */
static void has_frames(uint32_t frames)
{
    pair_begin_with(frames, 1);
    EXPECT(query(&one).max_nr_frames == frames);
    EXPECT(map(1, frames - 1, FAKE_RAM + 0x9000) == 0 && query(&one).nr_frames == frames);
    EXPECT(pair_machine(&one, FAKE_RAM + 0x9000) == arch_va_to_pa(one.domain->xen->grants[frames - 1].page).pa);
    EXPECT(map(1, frames, FAKE_RAM + 0xa000) == -EINVAL && query(&one).nr_frames == frames);
    EXPECT(set_up(&one, frames) == GNTST_okay && set_up(&one, frames + 1) == GNTST_general_error);
    const uint32_t last = frames * 512 - 1;
    pair_grant(&one, last, &two, FRAME, 0);
    EXPECT(pair_map(&two, &one, last, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_okay);
    EXPECT((pair_entry(&one, last)->flags & GTF_reading) != 0);
    EXPECT(pair_map(&two, &one, last + 1, GRANT_WINDOW + 4096, GNTMAP_host_map, &handle) == GNTST_bad_gntref);
    EXPECT(pair_unmap(&two, 0, GRANT_WINDOW) == GNTST_okay && one.domain->pv->pinned == 0);
}

TEST(a_grant_table_has_as_many_frames_as_configured)
{
    has_frames(1);
    has_frames(2);
    has_frames(64);
    has_frames(256);
}

TEST(a_table_that_fills_its_frames_is_told_to_the_guest_in_pieces)
{
    pair_begin_with(70, 1);
    memset(one.ram + 0x6000, 0, 4096);
    EXPECT(set_up(&one, 70) == GNTST_okay);
    for (uint32_t i = 0; i < 70 * 8 + 8; i++) {
        EXPECT(one.ram[0x6000 + i] == (i < 70 * 8 ? 0xff : 0));
    }
}

TEST(maps_as_many_pages_as_configured)
{
    static const uint32_t frames[] = {0, 1, 3};

    for (uint32_t f = 0; f < 3; f++) {
        const uint32_t count = frames[f] * 4096 / 24;
        pair_begin_with(1, frames[f]);
        pair_grant(&one, 9, &two, FRAME, 0);
        for (uint32_t i = 0; i < count; i++) {
            EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW + i * 4096ull, GNTMAP_host_map, &handle) == GNTST_okay);
        }
        EXPECT(pair_map(&two, &one, 9, GRANT_WINDOW, GNTMAP_host_map, &handle) == GNTST_no_space);
        EXPECT(two.domain->pv->mapped == count && one.domain->pv->pinned == count);
        pair_restart(&two);
        EXPECT(one.domain->pv->pinned == 0 && pair_entry(&one, 9)->flags == GTF_permit_access);
    }
}

TEST(a_domain_pays_for_its_own_limits_alone)
{
    struct domain_config small = {.xen = CONFIG_XEN_STORE, .grant_frames = 1, .mapping_frames = 0}, large = small;

    large.grant_frames = 3;
    EXPECT(pv_size(&large) - pv_size(&small) == 2 * 512 * sizeof(struct pv_pins));
    large = small;
    large.mapping_frames = 5;
    EXPECT(pv_size(&large) - pv_size(&small) == 5 * 4096);
    EXPECT(xen_domain_size(4, 3) - xen_domain_size(4, 1) == 2 * 4096);
}
