/* SPDX-License-Identifier: Apache-2.0 */
/* How much the store does at a time, with its lock held: basic blocks, which the compiler counts (store_*.c alone). */
#include <stdio.h>
#include <string.h>

#include "store_guest.h"
#include "test.h"

/* One change is told to all watches of three domains: each is compared with its path, and remembers it. */
#define MOST_TOLD (STORE_GUESTS * STORE_WATCHES * (STORE_EVENTS * 2 + 32))
/* The changes of a transaction are made at once: each looks through all nodes of its domain three times, whether there are
 * enough, to make it, and for the last, behind which it comes. A listing compares each with each change. */
#define MOST (2 * STORE_CHANGES * STORE_NODES * 3)

/* As the domain's ring is served until nothing is done any more, the most that was done in one call. */
static uint64_t most_of(uint32_t domain, uint32_t type, uint32_t transaction, const char *text, uint32_t size)
{
    const struct store_header h = {type, 1, transaction, size};
    struct store_ring *ring = &rings[domain];
    uint64_t most = 0;
    bool more = true;

    ring->response_taken = ring->response_put;
    memcpy(ring->requests + ring->request_put % STORE_RING, &h, sizeof(h));
    memcpy(ring->requests + (ring->request_put + sizeof(h)) % STORE_RING, text, size);
    ring->request_put += (uint32_t)sizeof(h) + size;
    while (more) {
        const uint64_t before = test_blocks;
        more = store_serve(&store, domain, ring, true);
        most = test_blocks - before > most ? test_blocks - before : most;
        ring->response_taken = ring->response_put;
    }
    return most;
}

/* Messages are at the start of the ring, so that they are in one piece. */
static void rewind_ring(uint32_t domain)
{
    store_reset_client(&store, domain);
    memset(&rings[domain], 0, sizeof(rings[domain]));
}

static void watch_all(const char *path)
{
    for (uint32_t domain = 1; domain <= STORE_GUESTS; domain++) {
        for (uint32_t i = 0; i < STORE_WATCHES; i++) {
            char text[64];
            const int size = snprintf(text, sizeof(text), "%s%c%u", path, '\0', i) + 1;
            (void)store_send(domain, &(struct store_header){XS_WATCH, 1, 0, (uint32_t)size}, sizeof(struct store_header));
            EXPECT(store_send(domain, text, (uint32_t)size));
            while (store_receive(domain) >= 0) {
            }
        }
        EXPECT(store_ask_bytes(domain, XS_WATCH, 0, "data/x\0t", 9) == XS_ERROR && strcmp(reply, "E2BIG") == 0);
    }
}

static void write_many(uint32_t transaction, uint32_t count, char letter)
{
    for (uint32_t i = 0; i < count; i++) {
        char text[64];
        const int size = snprintf(text, sizeof(text), "data/%c%u%c", letter, i, '\0') + 1;
        EXPECT(store_ask_bytes(1, XS_WRITE, transaction, text, (uint32_t)size) >= 0);
    }
}

static void begin_watched(uint32_t nodes)
{
    store_begin_test();
    EXPECT(store_ask_bytes(1, XS_SET_PERMS, 0, "data\0r1", 8) == XS_SET_PERMS);
    write_many(0, nodes, 'n');
    watch_all("/local/domain/1/data");
}

static uint32_t begin_transaction(void)
{
    unsigned id = 0;

    rewind_ring(1);
    EXPECT(store_ask_bytes(1, XS_TRANSACTION_START, 0, "", 1) == XS_TRANSACTION_START);
    EXPECT(sscanf(reply, "%u", &id) == 1);
    return id;
}

TEST(a_write_costs_no_more_than_telling_everybody_of_it)
{
    begin_watched(0);
    rewind_ring(1);
    uint64_t most = most_of(1, XS_WRITE, 0, "data/a\0v", 9);
    EXPECT(most < MOST_TOLD);
    EXPECT(most > 2 * STORE_WATCHES); /* they are told indeed */
}

TEST(the_changes_of_a_transaction_are_told_one_at_a_time)
{
    begin_watched(STORE_NODES - STORE_CHANGES - 3);
    const uint32_t id = begin_transaction();
    write_many(id, STORE_CHANGES, 'k');
    EXPECT(most_of(1, XS_TRANSACTION_END, id, "T", 2) < MOST);
    EXPECT(store_is_whole());
}

TEST(a_listing_in_a_transaction_costs_no_more_than_its_changes)
{
    store_begin_test();
    write_many(0, STORE_NODES - 10, 'n');
    const uint32_t id = begin_transaction();
    for (uint32_t i = 0; i < STORE_CHANGES; i++) {
        char text[64];
        const int size = snprintf(text, sizeof(text), "data/n%u", i) + 1;
        EXPECT(store_ask_bytes(1, i % 2 == 0 ? XS_RM : XS_MKDIR, id, text, (uint32_t)size) >= 0);
    }
    EXPECT(most_of(1, XS_DIRECTORY, id, "data", 5) < MOST);
}
