/* SPDX-License-Identifier: Apache-2.0 */
/* Who may share pages and events with whom: pairs, and nobody else. */
#include <string.h>

#include <xi/hypercall.h>

#include "caller.h"
#include "grant_pair.h"
#include "test.h"

#define FRAME (FAKE_RAM / 4096 + 16)
#define OWN (FAKE_RAM / 4096 + 20)

/* What `by` gets that `of` grants it: by mapping, by a copy from it, by a copy to it. */
static void try_all(struct side *by, struct side *of, int16_t status[3])
{
    struct xen_grant_copy c = {.source = {.where = 9, .domid = of->domain->id},
                               .dest = {.where = OWN, .domid = SELF},
                               .len = 8,
                               .flags = GNTCOPY_source_gref};
    uint32_t handle;

    pair_grant(of, 9, by, FRAME, 0);
    status[0] = pair_map(by, of, 9, GRANT_WINDOW, GNTMAP_host_map, &handle);
    EXPECT(pair_call(by, GNTTABOP_copy, &c, sizeof(c), 1) == 0);
    status[1] = c.status;
    c = (struct xen_grant_copy){.source = c.dest, .dest = c.source, .len = 8, .flags = GNTCOPY_dest_gref};
    EXPECT(pair_call(by, GNTTABOP_copy, &c, sizeof(c), 1) == 0);
    status[2] = c.status;
}

static bool all_are(const int16_t status[3], int16_t what)
{
    return status[0] == what && status[1] == what && status[2] == what;
}

TEST(a_backend_uses_what_is_granted_to_it_and_its_frontend_does_not)
{
    int16_t status[3];

    pair_begin();
    one.config->granters = 0;
    try_all(&two, &one, status);
    EXPECT(all_are(status, GNTST_okay));
    memset(two.ram + (OWN - FAKE_RAM / 4096) * 4096, 7, 8);
    try_all(&one, &two, status);
    EXPECT(all_are(status, GNTST_permission_denied) && pair_descriptor(&one, GRANT_WINDOW) == 0);
    EXPECT(two.domain->pv->pinned == 0 && pair_entry(&two, 9)->flags == GTF_permit_access);
    EXPECT(one.domain->pv->pinned == 1); /* the mapping of the other direction */
}

TEST(strangers_get_nothing_whatever_they_grant_each_other)
{
    int16_t status[3];

    pair_begin();
    one.config->granters = two.config->granters = ~3u; /* of others */
    try_all(&two, &one, status);
    EXPECT(all_are(status, GNTST_permission_denied));
    try_all(&one, &two, status);
    EXPECT(all_are(status, GNTST_permission_denied));
    EXPECT(one.domain->pv->pinned == 0 && two.domain->pv->pinned == 0);
}

TEST(a_domain_may_use_its_own_grants)
{
    int16_t status[3];

    pair_begin();
    one.config->granters = 0;
    try_all(&one, &one, status);
    EXPECT(all_are(status, GNTST_okay));
}

static int64_t port_call(struct side *by, uint64_t command, uint32_t a, uint32_t b, uint32_t *out)
{
    uint32_t *argument = (uint32_t *)(void *)(by->ram + (ARGUMENT - FAKE_RAM));
    struct vcpu *v = by->vcpu;

    argument[0] = a;
    argument[1] = b;
    fake_set_current(v);
    v->regs.x[0] = command;
    v->regs.x[1] = ARGUMENT;
    v->regs.x[16] = EVENT;
    hypercall(v);
    *out = argument[command == EVTCHNOP_bind_interdomain ? 2 : 1];
    return (int64_t)v->regs.x[0];
}

static int64_t alloc_unbound(struct side *by, uint32_t remote, uint32_t *port)
{
    return port_call(by, EVTCHNOP_alloc_unbound, SELF | remote << 16, 0, port);
}

TEST(pairs_have_channels_whichever_end_begins)
{
    uint32_t port, end;

    pair_begin();
    EXPECT(alloc_unbound(&one, 2, &port) == 0 && port_call(&two, EVTCHNOP_bind_interdomain, 1, port, &end) == 0);
    EXPECT(alloc_unbound(&two, 1, &port) == 0 && port_call(&one, EVTCHNOP_bind_interdomain, 2, port, &end) == 0);
}

TEST(strangers_have_no_channels)
{
    static const uint32_t strangers[] = {0, 2, 3, 32, 33, 0x7ff1, 0xffff};
    uint32_t port, end;

    pair_begin();
    EXPECT(alloc_unbound(&two, 1, &port) == 0);
    one.config->peers = 0;
    EXPECT(port_call(&one, EVTCHNOP_bind_interdomain, 2, port, &end) == -EPERM);
    for (uint32_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
        EXPECT(alloc_unbound(&one, strangers[i], &port) == (strangers[i] == 2 ? -EPERM : -ESRCH));
    }
    EXPECT(alloc_unbound(&one, 1, &port) == 0 && port_call(&one, EVTCHNOP_bind_interdomain, SELF, port, &end) == 0);
    EXPECT(port_call(&one, EVTCHNOP_bind_interdomain, 3, port, &end) == -ESRCH);
}
