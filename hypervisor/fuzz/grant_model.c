/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include <xi/arch.h>
#include <xi/hypercall.h>

#include "../test/caller.h"
#include "../test/test.h"
#include "grant_model.h"

/* Arm ARM (DDI 0487), VMSAv8-64 stage 2 descriptors; bit 55 is the core's mark of another domain's page. */
#define VALID (1ull << 0)
#define TABLE (1ull << 1)
#define WRITABLE (1ull << 7)
#define FOREIGN (1ull << 55)
#define ADDRESS 0xfffffffff000ull
#define ROOT_ENTRIES 1024u /* 40 bits, from level 1 on */

#define MAX_HANDLES 170u
#define MAX_REFS 512u

static struct pv_mapping known[2][MAX_HANDLES];
static struct xen_grant_entry granted[2][MAX_REFS];
static uint8_t before[FAKE_RAM_BYTES];
static const struct side *actor;

/* What the tests' helpers expect holds here, too. */
void test_expect(bool holds, const char *what, const char *file, int line)
{
    (void)what;
    (void)file;
    (void)line;
    if (!holds) {
        abort();
    }
}

static const struct side *side_of(uint32_t id)
{
    return id == 1 ? &one : &two;
}

static const struct side *other_of(const struct side *side)
{
    return side == &one ? &two : &one;
}

static bool is_own(const struct side *side, uint64_t machine)
{
    const uint64_t xen = arch_va_to_pa(side->domain->xen).pa, pages = xen_domain_size(1, side->config->grant_frames);

    return (machine >= side->ram_machine && machine - side->ram_machine < FAKE_RAM_BYTES) ||
           (machine >= xen && machine - xen < pages) || machine == arch_va_to_pa(side->domain->pv->sink).pa;
}

/* As public/grant_table.h has it for version 1. */
static bool allows(const struct side *by, uint32_t ref, const struct side *to, bool write)
{
    const struct xen_grant_entry *e = &granted[by == &two][ref];

    return ref < MAX_REFS && (e->flags & (GTF_type_mask | GTF_sub_page)) == GTF_permit_access && e->domid == to->domain->id &&
           !(write && (e->flags & GTF_readonly) != 0);
}

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

void model_begin(void)
{
    memset(known, 0, sizeof(known));
}

static void snapshot_grants(const struct side *side)
{
    for (uint32_t i = 0; i < MAX_REFS; i++) {
        granted[side == &two][i] = *pair_entry((struct side *)(uintptr_t)side, i);
    }
}

void model_before(const struct side *side)
{
    actor = side;
    snapshot_grants(&one);
    snapshot_grants(&two);
}

void model_before_copy(const struct side *side)
{
    memcpy(before, other_of(side)->ram, sizeof(before));
}

static bool same(const struct pv_mapping *a, const struct pv_mapping *b)
{
    return a->state == b->state && a->guest == b->guest && a->machine == b->machine && a->ref == b->ref &&
           a->granter == b->granter && a->write == b->write;
}

/* Only who acts gets new mappings, of what is granted to it. */
static void check_new(const struct side *side, const struct pv_mapping *m)
{
    const struct side *granter = side_of(m->granter);

    must(side == actor && m->state == PV_MAPPED && allows(granter, m->ref, side, m->write));
    must(is_own(granter, m->machine));
    must(granter == side || pair_machine(granter, (uint64_t)granted[granter == &two][m->ref].frame * 4096) == m->machine);
}

static void check_handles(const struct side *side)
{
    struct pv_mapping *last = known[side == &two];
    const struct pv_domain *pv = side->domain->pv;
    uint32_t count = 0;

    must(pv->mapping_count == MAX_HANDLES);
    for (uint32_t i = 0; i < MAX_HANDLES; i++) {
        const struct pv_mapping *m = &pv->mappings[i];
        count += m->state != PV_FREE;
        if (m->state != PV_FREE && !same(m, &last[i])) {
            check_new(side, m);
        }
        last[i] = *m;
    }
    must(count == pv->mapped);
}

static void check_pins(const struct side *by)
{
    static struct pv_pins counted[MAX_REFS];
    uint32_t all = 0;

    memset(counted, 0, sizeof(counted));
    for (uint32_t s = 0; s < 2; s++) {
        for (uint32_t i = 0; i < MAX_HANDLES; i++) {
            const struct pv_mapping *m = &known[s][i];
            if (m->state == PV_MAPPED && m->granter == by->domain->id) {
                counted[m->ref].all++;
                counted[m->ref].writing = (uint16_t)(counted[m->ref].writing + m->write);
                all++;
            }
        }
    }
    must(memcmp(counted, by->domain->pv->pins, sizeof(counted)) == 0 && all == by->domain->pv->pinned);
}

static bool is_mapped(const struct side *side, uint64_t guest, uint64_t machine, bool write)
{
    for (uint32_t i = 0; i < MAX_HANDLES; i++) {
        const struct pv_mapping *m = &known[side == &two][i];
        if (m->state != PV_FREE && m->guest == guest && m->machine == machine && (m->write || !write)) {
            return true;
        }
    }
    return false;
}

static void check_table(const struct side *side, const uint64_t *table, uint32_t entries, uint32_t shift, uint64_t guest)
{
    for (uint32_t i = 0; i < entries; i++) {
        const uint64_t descriptor = table[i], at = guest + ((uint64_t)i << shift), machine = descriptor & ADDRESS;
        if ((descriptor & VALID) == 0) {
            continue;
        }
        if (shift > 12 && (descriptor & TABLE) != 0) {
            check_table(side, arch_pa_to_va((pa_t){machine}), 512, shift - 9, at);
            continue;
        }
        must(shift == 12);
        must((descriptor & FOREIGN) != 0 ? is_mapped(side, at, machine, (descriptor & WRITABLE) != 0) : is_own(side, machine));
    }
}

void model_after(void)
{
    check_handles(&one);
    check_handles(&two);
    check_pins(&one);
    check_pins(&two);
    check_table(&one, arch_pa_to_va(one.domain->stage2.root), ROOT_ENTRIES, 30, 0);
    check_table(&two, arch_pa_to_va(two.domain->stage2.root), ROOT_ENTRIES, 30, 0);
}

static bool end_allowed(const struct side *side, const struct xen_grant_copy_end *end, bool is_ref, bool write)
{
    const uint32_t domid = end->domid == SELF ? side->domain->id : end->domid;

    if (!is_ref) {
        return domid == side->domain->id;
    }
    return (domid == 1 || domid == 2) && allows(side_of(domid), (uint32_t)end->where, side, write);
}

void model_copied(const struct side *side, const struct xen_grant_copy *c)
{
    const struct side *other = other_of(side);
    uint64_t from = 0, length = 0;

    if (c->status == GNTST_okay) {
        const bool to_ref = (c->flags & GNTCOPY_dest_gref) != 0;
        must(end_allowed(side, &c->source, (c->flags & GNTCOPY_source_gref) != 0, false));
        must(end_allowed(side, &c->dest, to_ref, true));
        must(c->source.offset + c->len <= 4096 && c->dest.offset + c->len <= 4096);
        if (to_ref && c->dest.domid == other->domain->id) {
            const uint64_t frame = granted[other == &two][(uint32_t)c->dest.where].frame;
            const uint64_t machine = pair_machine(other, frame * 4096) + c->dest.offset;
            if (machine >= other->ram_machine && machine - other->ram_machine < FAKE_RAM_BYTES) {
                from = machine - other->ram_machine;
                length = c->len;
            }
        }
    }
    must(memcmp(before, other->ram, from) == 0);
    must(memcmp(before + from + length, other->ram + from + length, FAKE_RAM_BYTES - from - length) == 0);
}

void model_restarted(const struct side *side)
{
    const struct side *other = other_of(side);
    const uint64_t sink = arch_va_to_pa(other->domain->pv->sink).pa;

    memset(known[side == &two], 0, sizeof(known[0]));
    for (uint32_t i = 0; i < MAX_HANDLES; i++) {
        struct pv_mapping *m = &known[other == &two][i];
        if (m->state == PV_MAPPED && m->granter == side->domain->id) {
            m->state = PV_SUNK;
            m->machine = sink;
        }
    }
    must(side->domain->pv->pinned == 0 && side->domain->pv->mapped == 0);
}
