/* SPDX-License-Identifier: Apache-2.0 */
/* Both ends of a link live and die together. Domain 1 has the backends of a link to 2, and of one to 3. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_guest.h"
#include "test.h"

enum { DIRECTORY = 1, READ = 2, WATCH = 4, UNWATCH = 5, START = 6, END = 7, WRITE = 11, RM = 13, EVENT = 15, ERROR = 16 };
#define LITERAL(text) text, sizeof(text) - 1
#define B2 "/local/domain/1/backend/vif/2/0"
#define F2 "/local/domain/2/device/vif/0"
#define B3 "/local/domain/1/backend/vif/3/0"
#define F3 "/local/domain/3/device/vif/0"
#define LINK(B, F, N) \
    "n1r" N "\0" B "\0\0n1r" N "\0" B "/frontend\0" F "\0n1r" N "\0" B "/state\0" "1\0" \
    "n" N "r1\0" F "\0\0n" N "r1\0" F "/backend\0" B "\0n" N "r1\0" F "/state\0" "1\0"

static const char entries[] = LINK(B2, F2, "2") LINK(B3, F3, "3")
    /* No links: back to another directory, to nowhere, and within a domain. */
    "n2\0/local/domain/2/device/odd/backend\0" B2 "\0n2\0/local/domain/2/device/lost/backend\0/local/domain/1/none\0"
    "n3\0/local/domain/3/a/backend\0/local/domain/3/b\0n3\0/local/domain/3/b/frontend\0/local/domain/3/a\0"
    "n1\0/local/domain/1/own\0" "1";

static void begin(void)
{
    uint32_t which;

    store_begin_test();
    EXPECT(store_seed(&store, (const uint8_t *)entries, sizeof(entries), &which) == NULL);
    EXPECT(store_find_links(&store, (const uint8_t *)entries, sizeof(entries)));
    for (uint32_t d = 1; d <= STORE_GUESTS; d++) {
        char text[32];
        int size = snprintf(text, sizeof(text), "%s%ct%c", d == 1 ? "backend" : "device", 0, 0);
        EXPECT(store_ask_bytes(d, WATCH, 0, text, (uint32_t)size) == WATCH && store_receive(d) == EVENT);
    }
}

static bool has(const char *path, const char *value)
{
    const struct store_node *node = store_find(&store, path);

    return node != NULL && node->value_size == strlen(value) && memcmp(node->value, value, node->value_size) == 0;
}

static bool is_told(uint32_t domain, const char *path)
{
    return store_receive(domain) == EVENT && strcmp(reply, path) == 0;
}

static void part(uint32_t domain, bool renew)
{
    while (store_part(&store, domain, renew)) {
    }
}

/* As a domain's end and beginning are, one after the other. */
static void restart(uint32_t domain)
{
    part(domain, true);
    store_reset_client(&store, domain);
    memset(&rings[domain], 0, sizeof(rings[domain]));
}

TEST(finds_the_directories_that_name_each_other)
{
    begin();
    EXPECT(store.link_count == 2);
    EXPECT(strcmp(store.links[0].ends[0], F2) == 0 && strcmp(store.links[0].ends[1], B2) == 0);
    EXPECT(store.links[1].domains[0] == 3 && store.links[1].domains[1] == 1);
}

TEST(whose_peer_ends_sees_its_own_end_go_and_no_other)
{
    begin();
    EXPECT(store_ask_bytes(2, WRITE, 0, LITERAL("device/vif/0/state\0" "4")) == WRITE && is_told(2, "device/vif/0/state"));
    part(2, false);
    EXPECT(store_find(&store, B2) == NULL && store_find(&store, F2) == NULL);
    EXPECT(is_told(1, "backend/vif/2/0") && store_receive(1) == -1);
    EXPECT(has(B3 "/state", "1") && has(F3 "/state", "1") && store_receive(3) == -1);
    EXPECT(store_is_whole());
    part(2, false); /* again: nothing is left to do */
    EXPECT(store_receive(1) == -1);
}

TEST(both_ends_are_made_anew_when_both_know_and_ask)
{
    begin();
    EXPECT(store_ask_bytes(1, WRITE, 0, LITERAL("backend/vif/2/0/state\0" "4")) == WRITE && store_receive(1) == EVENT);
    restart(1);
    EXPECT(has("/local/domain/1/own", "1") && store_find(&store, B2) == NULL);
    EXPECT(!store_join(&store)); /* 1 has not asked, */
    EXPECT(store_ask(1, READ, 0, "own") == READ);
    EXPECT(!store_join(&store)); /* 2 has not read of it, */
    EXPECT(is_told(2, "device/vif/0") && is_told(3, "device/vif/0"));
    EXPECT(!store_join(&store)); /* and has not looked. */
    EXPECT(store_ask(2, READ, 0, "device/vif/0/state") == ERROR);
    EXPECT(store_join(&store) && !store_join(&store));
    EXPECT(has(B2 "/state", "1") && has(B2 "/frontend", F2) && has(F2 "/state", "1"));
    EXPECT(is_told(2, "device/vif/0") && store_receive(2) == -1);
    /* 3 has not looked yet: its link waits. */
    EXPECT(store_find(&store, F3) == NULL && store_ask(3, DIRECTORY, 0, "device/vif") == DIRECTORY);
    EXPECT(store_join(&store) && has(F3 "/state", "1") && is_told(3, "device/vif/0"));
    EXPECT(store_is_whole());
}

TEST(who_watches_nothing_has_nothing_to_look_at)
{
    begin();
    EXPECT(store_ask_bytes(2, 21, 0, LITERAL("\0")) == 21);
    restart(1);
    EXPECT(store_ask(1, READ, 0, "own") == READ && store_join(&store) && has(F2 "/state", "1"));
    EXPECT(store_find(&store, F3) == NULL);
}

TEST(a_frontend_that_begins_again_has_new_ends_and_the_others_stay)
{
    begin();
    EXPECT(store_ask_bytes(3, WRITE, 0, LITERAL("device/vif/0/state\0" "4")) == WRITE);
    restart(2);
    EXPECT(is_told(1, "backend/vif/2/0") && store_ask(1, READ, 0, "own") == READ);
    EXPECT(store_ask(2, DIRECTORY, 0, "device") == DIRECTORY && store_join(&store));
    EXPECT(has(F2 "/state", "1") && has(B2 "/state", "1") && is_told(1, "backend/vif/2/0"));
    EXPECT(has(F3 "/state", "4"));
}

TEST(an_end_that_its_owner_removed_is_not_made_again)
{
    begin();
    EXPECT(store_ask(2, RM, 0, "device/vif/0") == RM && store_receive(2) == EVENT);
    EXPECT(!store_join(&store) && store_find(&store, F2) == NULL);
    restart(2);
    EXPECT(is_told(1, "backend/vif/2/0") && store_ask(1, READ, 0, "own") == READ && store_ask(2, READ, 0, "device") == READ);
    EXPECT(store_join(&store) && has(F2 "/state", "1") && store_is_whole());
}

TEST(who_asked_before_it_read_of_it_has_not_looked)
{
    static const struct store_header read = {.type = READ, .size = sizeof("data")};

    begin();
    restart(1);
    EXPECT(store_ask(1, READ, 0, "own") == READ);
    EXPECT(store_send(2, &read, sizeof(read)) && store_send(2, "data", sizeof("data")));
    EXPECT(is_told(2, "device/vif/0") && store_receive(2) == READ && !store_join(&store));
    EXPECT(store_ask(2, READ, 0, "device/vif/0") == ERROR && store_join(&store) && has(F2 "/state", "1"));
}

TEST(who_makes_noise_holds_up_no_link_of_others)
{
    begin();
    EXPECT(store_ask_bytes(1, WATCH, 0, LITERAL(F3 "\0t\0")) == WATCH && store_receive(1) == EVENT);
    restart(2);
    EXPECT(is_told(1, "backend/vif/2/0") && store_ask(1, READ, 0, "own") == READ);
    EXPECT(store_ask_bytes(3, WRITE, 0, LITERAL("device/vif/0/state\0" "4")) == WRITE);
    EXPECT(store_ask(2, READ, 0, "device") == READ && store_join(&store) && has(F2 "/state", "1"));
}

TEST(what_its_owner_left_in_a_former_end_is_not_in_the_new_one)
{
    begin();
    restart(1);
    EXPECT(store_ask(1, READ, 0, "own") == READ && is_told(2, "device/vif/0"));
    EXPECT(store_ask_bytes(2, WRITE, 0, LITERAL("device/vif/0/ring-ref\0" "8")) == WRITE && is_told(2, "device/vif/0/ring-ref"));
    EXPECT(store_ask_bytes(2, WRITE, 0, LITERAL("device/vif/0/state\0" "4")) == WRITE && is_told(2, "device/vif/0/state"));
    EXPECT(store_join(&store) && has(F2 "/state", "1") && store_find(&store, F2 "/ring-ref") == NULL);
    EXPECT(is_told(2, "device/vif/0") && store_receive(2) == -1 && store_is_whole());
}

TEST(who_watches_a_key_of_its_end_is_told_that_it_is_new)
{
    begin();
    EXPECT(store_ask_bytes(1, WATCH, 0, LITERAL(B2 "/state\0t\0")) == WATCH && store_receive(1) == EVENT);
    restart(2);
    EXPECT(store_receive(1) == EVENT && store_receive(1) == EVENT && store_receive(1) == -1);
    EXPECT(store_ask(1, READ, 0, "own") == READ && store_ask(2, READ, 0, "device") == READ && store_join(&store));
    EXPECT(is_told(1, B2 "/state") || is_told(1, B2 "/state"));
}

/* As Linux's backend does that gives up its device while the frontend is back already. */
TEST(what_is_meant_for_a_former_end_does_not_reach_the_new_one)
{
    begin();
    EXPECT(store_ask_bytes(1, WATCH, 0, LITERAL(F2 "/state\0t\0")) == WATCH && store_receive(1) == EVENT);
    restart(2);
    EXPECT(store_ask(2, READ, 0, "device") == READ);
    EXPECT(store_receive(1) == EVENT && store_receive(1) == EVENT && store_receive(1) == -1);
    EXPECT(store_ask(1, READ, 0, F2 "/state") == ERROR && !store_join(&store));
    EXPECT(store_ask(1, START, 0, "") == START && !store_join(&store));
    EXPECT(store_ask(1, READ, 1, "backend/vif/2/0/state") == ERROR && !store_join(&store));
    EXPECT(store_ask_bytes(1, END, 1, LITERAL("F\0")) == END && !store_join(&store));
    EXPECT(store_ask_bytes(1, UNWATCH, 0, LITERAL(F2 "/state\0t\0")) == UNWATCH && !store_join(&store));
    (void)store_ask(1, RM, 0, "backend/vif/2/0/state");
    EXPECT(store_join(&store) && has(B2 "/state", "1") && has(F2 "/state", "1"));
}

/* As Linux's frontend may, whose last state comes behind its last watch, where the backend is back already. */
TEST(a_transaction_that_a_former_end_began_with_does_not_go_on_in_the_new_one)
{
    begin();
    EXPECT(store_ask_bytes(2, WATCH, 0, LITERAL(B2 "/state\0t\0")) == WATCH && store_receive(2) == EVENT);
    restart(1);
    EXPECT(store_ask(1, READ, 0, "own") == READ);
    EXPECT(store_receive(2) == EVENT && store_receive(2) == EVENT && store_receive(2) == -1);
    EXPECT(store_ask_bytes(2, UNWATCH, 0, LITERAL(B2 "/state\0t\0")) == UNWATCH && !store_join(&store));
    EXPECT(store_ask(2, START, 0, "") == START && !store_join(&store));
    EXPECT(store_ask(2, READ, 1, "device/vif/0/state") == ERROR && !store_join(&store));
    EXPECT(store_ask_bytes(2, END, 1, LITERAL("F\0")) == END);
    EXPECT(store_join(&store) && has(B2 "/state", "1") && has(F2 "/state", "1"));
}

TEST(who_ends_as_well_is_not_done_before_its_next_life)
{
    begin();
    restart(2);
    EXPECT(is_told(1, "backend/vif/2/0") && store_ask(1, READ, 0, "own") == READ);
    restart(1);
    EXPECT(store_ask(2, READ, 0, "device") == READ && !store_join(&store));
    EXPECT(store_ask(1, READ, 0, "own") == READ && store_join(&store) && has(F2 "/state", "1"));
    EXPECT(store_ask_bytes(1, WATCH, 0, LITERAL("backend\0t\0")) == WATCH && store_receive(1) == EVENT);
    restart(2); /* once more: what was done with the end before is not done with this one */
    EXPECT(store_ask(2, READ, 0, "device") == READ && !store_join(&store));
}

TEST(links_are_made_one_after_the_other)
{
    begin();
    restart(1);
    EXPECT(is_told(2, "device/vif/0") && is_told(3, "device/vif/0"));
    for (uint32_t d = 1; d <= 3; d++) {
        EXPECT(store_ask(d, READ, 0, "data") > 0);
    }
    EXPECT(store_join(&store) && has(F2 "/state", "1") && store_find(&store, F3) == NULL);
    EXPECT(store_join(&store) && has(F3 "/state", "1") && !store_join(&store));
}

TEST(who_has_ended_is_told_nothing)
{
    begin();
    part(1, false);
    EXPECT(store_find(&store, B2) == NULL && !store.clients[1]->told);
}

TEST(what_a_domain_changed_before_it_ended_is_told_to_the_end)
{
    static const char writes[][20] = {"data/shared\0a", "data/shared/k\0b", "data/shared/l\0c"};

    begin();
    EXPECT(store_ask_bytes(2, WATCH, 0, LITERAL("/local/domain/1/data/shared\0t\0")) == WATCH && store_receive(2) == EVENT);
    EXPECT(store_ask(1, XS_TRANSACTION_START, 0, "") == XS_TRANSACTION_START);
    const uint32_t id = (uint32_t)atoi(reply);
    for (uint32_t i = 0; i < 3; i++) {
        EXPECT(store_ask_bytes(1, WRITE, id, writes[i], i == 0 ? 13 : 15) == WRITE);
    }
    const struct store_header end = {XS_TRANSACTION_END, 1, id, 2};
    memcpy(rings[1].requests + rings[1].request_put % STORE_RING, &end, sizeof(end));
    memcpy(rings[1].requests + (rings[1].request_put + sizeof(end)) % STORE_RING, "T", 2);
    rings[1].request_put += sizeof(end) + 2;
    EXPECT(store_serve(&store, 1, &rings[1], true)); /* the changes are made, and nobody knows */
    EXPECT(store_receive(2) == -1);
    part(1, false);
    uint32_t told = 0;
    while (store_receive(2) == EVENT) {
        told += strncmp(reply, "/local/domain/1/data/shared", 27) == 0;
    }
    EXPECT(told == 3);
}
