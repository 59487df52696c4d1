/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what two domains do with pages that they grant each other: entries of their tables, calls with records, and
 * that they end. What they have of each other is at any time what was granted (grant_model.c). Of each step, the first byte
 * says whose it is and what is done. */
#include <stdlib.h>
#include <string.h>

#include <xi/guest_map.h>
#include <xi/hypercall.h>

#include "../test/caller.h"
#include "grant_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
    const uint8_t *at;
    size_t left;
};

/* Zeros where there are no more. */
static uint64_t next(struct bytes *b, size_t size)
{
    uint64_t value = 0;
    const size_t take = size < b->left ? size : b->left;

    memcpy(&value, b->at, take);
    b->at += take;
    b->left -= take;
    return value;
}

static uint32_t next_ref(struct bytes *b)
{
    const uint8_t c = (uint8_t)next(b, 1);

    return c < 0xf0 ? c % 16 : c < 0xff ? 500u + c % 16 : (uint32_t)next(b, 4);
}

static uint16_t next_domain(struct bytes *b)
{
    const uint8_t c = (uint8_t)next(b, 1);

    return c < 0x80 ? 1 + c % 2 : c < 0xc0 ? SELF : c < 0xff ? c % 4 : (uint16_t)next(b, 2);
}

/* Pages of memory and of the window, addresses between them, and any. */
static uint64_t next_place(struct bytes *b)
{
    const uint8_t c = (uint8_t)next(b, 1);

    switch (c / 64) {
    case 0:
        return FAKE_RAM + (c % 64) * 4096ull;
    case 1:
    case 2:
        return GRANT_WINDOW + (c % 32) * 4096ull + (c % 64 == 63);
    default:
        return next(b, 8);
    }
}

static void grant(struct side *side, struct bytes *b)
{
    static const uint16_t flags[] = {0, 1, 1, 1, 5, 1, 0x101, 2};
    const uint32_t ref = next_ref(b) % 512;
    const uint8_t c = (uint8_t)next(b, 1);

    *pair_entry(side, ref) = (struct xen_grant_entry){c < 0x80 ? flags[c % 8] : (uint16_t)next(b, 2), next_domain(b),
                                                      (uint32_t)(next_place(b) / 4096)};
}

static void map_some(struct side *side, struct bytes *b)
{
    struct xen_grant_map m[16] = {0};
    const uint32_t count = 1 + next(b, 1) % 16;

    for (uint32_t i = 0; i < count; i++) {
        const uint8_t c = (uint8_t)next(b, 1);
        m[i] = (struct xen_grant_map){.host_addr = next_place(b), .flags = c < 0x80 ? GNTMAP_host_map | (c & 4) : c,
                                      .ref = next_ref(b), .dom = next_domain(b)};
    }
    (void)pair_call(side, GNTTABOP_map_grant_ref, m, sizeof(m[0]), count);
}

/* Mostly where the handle is. */
static void unmap_some(struct side *side, struct bytes *b)
{
    struct xen_grant_unmap u[16] = {0};
    const uint32_t count = 1 + next(b, 1) % 16;

    for (uint32_t i = 0; i < count; i++) {
        const uint8_t c = (uint8_t)next(b, 1);
        u[i].handle = c < 0xff ? c % 180 : (uint32_t)next(b, 4);
        u[i].host_addr = c < 0xe0 && u[i].handle < side->domain->pv->mapping_count
                             ? side->domain->pv->mappings[u[i].handle].guest
                             : next_place(b);
    }
    (void)pair_call(side, GNTTABOP_unmap_grant_ref, u, sizeof(u[0]), count);
}

static struct xen_grant_copy_end next_end(struct bytes *b, bool is_ref)
{
    struct xen_grant_copy_end end = {.where = is_ref ? next_ref(b) : next_place(b) / 4096, .domid = next_domain(b)};

    end.offset = (uint16_t)next(b, 2);
    return end;
}

static void copy(struct side *side, struct bytes *b)
{
    struct xen_grant_copy c = {.flags = next(b, 1) & 7, .status = 99};

    c.source = next_end(b, (c.flags & GNTCOPY_source_gref) != 0);
    c.dest = next_end(b, (c.flags & GNTCOPY_dest_gref) != 0);
    c.len = (uint16_t)next(b, 2) % 4200;
    model_before_copy(side);
    if (pair_call(side, GNTTABOP_copy, &c, sizeof(c), 1) == 0) {
        model_copied(side, &c);
    }
}

static void memory(struct side *side, struct bytes *b)
{
    /* Records in front, lists behind them. */
    uint64_t argument[32] = {0};
    const uint8_t c = (uint8_t)next(b, 1);
    const uint32_t operation = c % 8 == 0 ? XENMEM_add_to_physmap_batch : c % 8 == 1 ? XENMEM_remove_from_physmap
                               : c % 8 < 4 ? XENMEM_decrease_reservation : c % 8 < 7 ? XENMEM_populate_physmap
                                                                                    : XENMEM_add_to_physmap;
    const uint64_t count = 1 + c / 8 % 8, list = ARGUMENT + 8 * 8;

    if (operation == XENMEM_add_to_physmap_batch) {
        const struct xen_add_to_physmap_batch a = {.domid = SELF, .space = (uint16_t)next(b, 1) % 4, .size = (uint16_t)count,
                                                   .idxs = list, .gpfns = list + 64, .errs = list + 128};
        memcpy(argument, &a, sizeof(a));
    } else if (operation == XENMEM_remove_from_physmap) {
        const struct xen_remove_from_physmap r = {.domid = SELF, .gpfn = next_place(b) / 4096};
        memcpy(argument, &r, sizeof(r));
    } else if (operation == XENMEM_add_to_physmap) {
        const struct xen_add_to_physmap a = {.domid = SELF, .space = (uint32_t)next(b, 1) % 4, .idx = next(b, 1),
                                             .gpfn = next_place(b) / 4096};
        memcpy(argument, &a, sizeof(a));
    } else {
        const struct xen_memory_reservation r = {.extent_start = list, .nr_extents = count, .domid = SELF};
        memcpy(argument, &r, sizeof(r));
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint64_t place = next_place(b) / 4096;
        argument[8 + i] = operation == XENMEM_add_to_physmap_batch ? next(b, 1) : place;
        argument[16 + i] = place;
    }
    pair_hypercall(side, MEMORY, operation, argument, sizeof(argument), 0);
}

/* Anything, of what memory holds. */
static void raw(struct side *side, struct bytes *b)
{
    uint8_t argument[256];
    const uint8_t c = (uint8_t)next(b, 1);
    const uint64_t command = next(b, 1 + (c & 4)), count = next(b, 1 + (c & 4));

    for (uint32_t i = 0; i < sizeof(argument); i += 8) {
        const uint64_t word = next(b, 8);
        memcpy(argument + i, &word, 8);
    }
    pair_hypercall(side, (c & 1) != 0 ? GRANT : MEMORY, command, argument, sizeof(argument), count);
}

static void restart(struct side *side)
{
    pair_restart(side);
    model_restarted(side);
}

static void step(struct side *side, uint32_t what, struct bytes *b)
{
    switch (what) {
    case 0:
        return grant(side, b);
    case 1:
    case 2:
        return map_some(side, b);
    case 3:
        return unmap_some(side, b);
    case 4:
        return copy(side, b);
    case 5:
        return memory(side, b);
    case 6:
        return raw(side, b);
    default:
        return restart(side);
    }
}

static void begin_pair(void)
{
    static struct guest_map maps[2];

    pair_begin_with(1, 1);
    for (uint32_t i = 0; i < 2; i++) {
        const struct side *side = i == 0 ? &one : &two;
        maps[i] = (struct guest_map){.bank_count = 1, .banks = {{{FAKE_RAM}, {side->ram_machine}, FAKE_RAM_BYTES}}};
        side->domain->map = &maps[i];
    }
    model_begin();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes b = {data, size};

    begin_pair();
    while (b.left != 0) {
        const uint8_t c = (uint8_t)next(&b, 1);
        struct side *side = (c & 1) == 0 ? &one : &two;
        model_before(side);
        step(side, c >> 1 & 7, &b);
        model_after();
    }
    restart(&one);
    restart(&two);
    model_after();
    return 0;
}
