/* SPDX-License-Identifier: Apache-2.0 */
/* XenStore as domains see it, through their rings. Offsets and numbers are those of public/io/xs_wire.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_guest.h"
#include "test.h"

enum { DIRECTORY = 1, READ, GET_PERMS, WATCH, UNWATCH, START, END, PATH = 10, WRITE, MKDIR, RM, SET_PERMS, EVENT, ERROR, INTRODUCED };
enum { RESET = 21 };
#define LITERAL(text) text, sizeof(text) - 1
#define WRITES(domain, transaction, text) store_ask_bytes(domain, WRITE, transaction, LITERAL(text))

static bool fails(int type, const char *error)
{
    return type == ERROR && strcmp(reply, error) == 0 && reply_header.size == strlen(error) + 1;
}

static bool answers(int type, int expected, const char *payload, uint32_t size)
{
    return type == expected && reply_header.size == size && memcmp(reply, payload, size) == 0;
}

static uint32_t begin_transaction(uint32_t domain)
{
    EXPECT(store_ask_bytes(domain, START, 0, "", 1) == START);
    return (uint32_t)atoi(reply);
}

TEST(reads_what_was_written_with_a_relative_and_an_absolute_path)
{
    store_begin_test();
    EXPECT(answers(WRITES(1, 0, "data/a/b\0value"), WRITE, "OK", 3));
    EXPECT(answers(store_ask(1, READ, 0, "/local/domain/1/data/a/b"), READ, "value", 5));
    EXPECT(answers(store_ask(1, READ, 0, "data/a"), READ, "", 0));
    EXPECT(fails(store_ask(1, READ, 0, "data/c"), "ENOENT") && fails(store_ask(1, READ, 0, "data/a/b/c"), "ENOENT"));
    EXPECT(answers(WRITES(1, 0, "data/a/b\0"), WRITE, "OK", 3));
    EXPECT(answers(store_ask(1, READ, 0, "data/a/b"), READ, "", 0));
    EXPECT(answers(store_ask(1, MKDIR, 0, "data/m"), MKDIR, "OK", 3));
    EXPECT(answers(store_ask(1, DIRECTORY, 0, "data"), DIRECTORY, "shared\0a\0m", 11));
    EXPECT(answers(store_ask(1, DIRECTORY, 0, "data/m"), DIRECTORY, "", 0));
    EXPECT(store_is_whole());
}

TEST(removes_with_all_that_is_below)
{
    store_begin_test();
    uint16_t free = store.clients[1]->free_count;
    EXPECT(WRITES(1, 0, "data/a/b/c\0x") == WRITE && WRITES(1, 0, "data/a/d\0y") == WRITE);
    EXPECT(store.clients[1]->free_count == free - 4);
    EXPECT(answers(store_ask(1, RM, 0, "data/a"), RM, "OK", 3));
    EXPECT(store.clients[1]->free_count == free && fails(store_ask(1, READ, 0, "data/a/d"), "ENOENT"));
    EXPECT(store_ask(1, RM, 0, "data/a") == RM); /* its parent is there */
    EXPECT(fails(store_ask(1, RM, 0, "data/x/y"), "ENOENT") && fails(store_ask(1, RM, 0, "/"), "EINVAL"));
    EXPECT(store_is_whole());
}

TEST(shows_each_domain_what_it_may_see_and_nothing_else)
{
    store_begin_test();
    EXPECT(WRITES(1, 0, "data/shared/key\0v") == WRITE && WRITES(1, 0, "data/own\0w") == WRITE);
    EXPECT(answers(store_ask(2, READ, 0, "/local/domain/1/data/shared/key"), READ, "v", 1));
    EXPECT(fails(store_ask(3, READ, 0, "/local/domain/1/data/shared/key"), "EACCES"));
    EXPECT(fails(store_ask(2, READ, 0, "/local/domain/1/data/own"), "EACCES"));
    EXPECT(fails(store_ask(2, READ, 0, "/local/domain/1/data/none"), "EACCES")); /* not told whether it is there */
    EXPECT(fails(store_ask(2, DIRECTORY, 0, "/local/domain/1/data"), "EACCES"));
    EXPECT(fails(store_ask(2, DIRECTORY, 0, "/"), "EACCES"));
    EXPECT(fails(WRITES(2, 0, "/local/domain/1/data/shared/key\0x"), "EACCES"));
    EXPECT(fails(WRITES(2, 0, "/local/domain/1/data/shared/new\0x"), "EACCES"));
    EXPECT(fails(store_ask(2, RM, 0, "/local/domain/1/data/shared/key"), "EACCES"));
    EXPECT(fails(WRITES(1, 0, "mine\0x"), "EACCES")); /* the store's own */
    EXPECT(fails(store_ask(1, RM, 0, "/local/domain/1"), "EACCES"));
}

TEST(gives_and_takes_rights)
{
    store_begin_test();
    EXPECT(WRITES(1, 0, "data/k\0v") == WRITE);
    EXPECT(answers(store_ask(1, GET_PERMS, 0, "data/shared"), GET_PERMS, "n1\0r2", 6));
    EXPECT(store_ask_bytes(1, SET_PERMS, 0, LITERAL("data/k\0n1\0b3\0r2\0")) == SET_PERMS);
    EXPECT(answers(store_ask(1, GET_PERMS, 0, "data/k"), GET_PERMS, "n1\0b3\0r2", 9));
    EXPECT(WRITES(3, 0, "/local/domain/1/data/k\0w") == WRITE);
    EXPECT(answers(store_ask(2, READ, 0, "/local/domain/1/data/k"), READ, "w", 1));
    EXPECT(fails(WRITES(2, 0, "/local/domain/1/data/k\0w"), "EACCES"));
    EXPECT(fails(store_ask_bytes(3, SET_PERMS, 0, LITERAL("/local/domain/1/data/k\0n3\0")), "EACCES"));
    EXPECT(fails(store_ask_bytes(1, SET_PERMS, 0, LITERAL("data/k\0n2\0")), "EINVAL"));
    EXPECT(fails(store_ask_bytes(1, SET_PERMS, 0, LITERAL("data/k\0")), "EINVAL"));
    EXPECT(fails(store_ask_bytes(1, SET_PERMS, 0, LITERAL("data/k\0x1\0")), "EINVAL"));
    EXPECT(fails(store_ask_bytes(1, SET_PERMS, 0, LITERAL("data/k\0n1\0r4\0")), "EINVAL"));
    EXPECT(fails(store_ask_bytes(1, SET_PERMS, 0, LITERAL("data/k\0n1\0r257\0")), "EINVAL"));
    EXPECT(fails(store_ask_bytes(1, SET_PERMS, 0, LITERAL("data/k\0n1\0r2\0r2\0r2\0r2\0r2\0")), "E2BIG"));
    EXPECT(store_ask_bytes(1, SET_PERMS, 0, LITERAL("data/k\0r1\0n2\0")) == SET_PERMS);
    EXPECT(fails(store_ask(2, READ, 0, "/local/domain/1/data/k"), "EACCES"));
    EXPECT(store_ask(3, READ, 0, "/local/domain/1/data/k") == READ);
}

TEST(tells_watches_once_at_once_and_of_what_changes_below)
{
    store_begin_test();
    EXPECT(store_ask_bytes(2, WATCH, 0, LITERAL("/local/domain/1/data/shared\0tok\0")) == WATCH);
    EXPECT(answers(store_receive(2), EVENT, "/local/domain/1/data/shared\0tok", 32) && reply_header.request == 0);
    EXPECT(store_receive(2) == -1);
    EXPECT(WRITES(1, 0, "data/shared/x\0v") == WRITE);
    EXPECT(answers(store_receive(2), EVENT, "/local/domain/1/data/shared/x\0tok", 34) && store_receive(2) == -1);
    EXPECT(WRITES(1, 0, "data/other\0v") == WRITE && store_receive(2) == -1);
    EXPECT(WRITES(1, 0, "data/sharedx\0v") == WRITE && store_receive(2) == -1);
    EXPECT(store_ask_bytes(1, WATCH, 0, LITERAL("data/other\0own\0")) == WATCH && store_receive(1) == EVENT);
    EXPECT(WRITES(1, 0, "data/otherx\0v") == WRITE && store_receive(1) == -1);
    /* Each of those that nobody has taken is told once; */
    EXPECT(WRITES(1, 0, "data/shared/x\0a") == WRITE && WRITES(1, 0, "data/shared/y\0b") == WRITE);
    EXPECT(WRITES(1, 0, "data/shared/x\0c") == WRITE);
    EXPECT(answers(store_receive(2), EVENT, "/local/domain/1/data/shared/x\0tok", 34));
    EXPECT(answers(store_receive(2), EVENT, "/local/domain/1/data/shared/y\0tok", 34) && store_receive(2) == -1);
    /* more than eight are one, of the watched path. */
    for (char c = 'a'; c < 'a' + 9; c++) {
        char text[] = "data/shared/k\0v";
        text[12] = c;
        EXPECT(store_ask_bytes(1, WRITE, 0, text, sizeof(text) - 1) == WRITE);
    }
    EXPECT(answers(store_receive(2), EVENT, "/local/domain/1/data/shared\0tok", 32) && store_receive(2) == -1);
    EXPECT(store_ask(1, RM, 0, "data/shared") == RM);
    EXPECT(answers(store_receive(2), EVENT, "/local/domain/1/data/shared\0tok", 32));
    EXPECT(store_ask_bytes(2, UNWATCH, 0, LITERAL("/local/domain/1/data/shared\0tok\0")) == UNWATCH);
    EXPECT(fails(store_ask_bytes(2, UNWATCH, 0, LITERAL("/local/domain/1/data/shared\0tok\0")), "ENOENT"));
}

TEST(spells_events_as_the_watch_was_spelt)
{
    store_begin_test();
    EXPECT(store_ask_bytes(1, WATCH, 0, LITERAL("data\0t\0")) == WATCH);
    EXPECT(answers(store_receive(1), EVENT, "data\0t", 7));
    EXPECT(fails(store_ask_bytes(1, WATCH, 0, LITERAL("data\0t\0")), "EEXIST"));
    EXPECT(WRITES(1, 0, "/local/domain/1/data/k\0v") == WRITE && answers(store_receive(1), EVENT, "data/k\0t", 9));
    EXPECT(store_ask_bytes(1, WATCH, 0, LITERAL("/local/domain/1/data/k/l\0u\0")) == WATCH && store_receive(1) == EVENT);
    EXPECT(store_ask(1, RM, 0, "data/k") == RM);
    EXPECT(answers(store_receive(1), EVENT, "data/k\0t", 9));
    EXPECT(answers(store_receive(1), EVENT, "/local/domain/1/data/k/l\0u", 27));
    EXPECT(store_ask_bytes(1, RESET, 0, "", 1) == RESET && WRITES(1, 0, "data/k\0v") == WRITE && store_receive(1) == -1);
}

TEST(a_transaction_is_seen_by_itself_and_then_by_all_at_once)
{
    store_begin_test();
    EXPECT(store_ask_bytes(2, WATCH, 0, LITERAL("/local/domain/1/data/shared\0t\0")) == WATCH && store_receive(2) == EVENT);
    EXPECT(WRITES(1, 0, "data/old/k\0o") == WRITE);
    uint32_t t = begin_transaction(1);
    EXPECT(t != 0 && WRITES(1, t, "data/shared/a\0one") == WRITE && WRITES(1, t, "data/shared/b/c\0two") == WRITE);
    EXPECT(answers(store_ask(1, READ, t, "data/shared/a"), READ, "one", 3));
    EXPECT(answers(store_ask(1, READ, t, "data/shared/b"), READ, "", 0));
    EXPECT(answers(store_ask(1, DIRECTORY, t, "data/shared"), DIRECTORY, "a\0b", 4));
    EXPECT(store_ask(1, RM, t, "data/old") == RM && fails(store_ask(1, READ, t, "data/old/k"), "ENOENT"));
    EXPECT(answers(store_ask(1, DIRECTORY, t, "data"), DIRECTORY, "shared", 7));
    EXPECT(fails(store_ask(1, READ, 0, "data/shared/a"), "ENOENT") && store_ask(1, READ, 0, "data/old/k") == READ);
    EXPECT(store_receive(2) == -1);
    EXPECT(answers(store_ask(1, END, t, "T"), END, "OK", 3));
    EXPECT(answers(store_ask(1, READ, 0, "data/shared/b/c"), READ, "two", 3));
    EXPECT(fails(store_ask(1, READ, 0, "data/old"), "ENOENT"));
    EXPECT(answers(store_receive(2), EVENT, "/local/domain/1/data/shared/a\0t", 32));
    EXPECT(answers(store_receive(2), EVENT, "/local/domain/1/data/shared/b/c\0t", 34) && store_receive(2) == -1);
    EXPECT(fails(store_ask(1, END, t, "T"), "ENOENT") && store_is_whole());
    t = begin_transaction(1);
    EXPECT(WRITES(1, t, "data/shared/a\0lost") == WRITE && store_ask(1, END, t, "F") == END);
    EXPECT(answers(store_ask(1, READ, 0, "data/shared/a"), READ, "one", 3));
}

TEST(a_transaction_fails_where_what_it_saw_has_changed_and_only_there)
{
    store_begin_test();
    EXPECT(WRITES(1, 0, "data/state\0001") == WRITE);
    uint32_t t = begin_transaction(1), u = begin_transaction(1);
    EXPECT(store_ask(1, READ, t, "data/state") == READ && WRITES(1, t, "data/state\0002") == WRITE);
    EXPECT(WRITES(2, 0, "data/k\0v") == WRITE); /* what others do with theirs */
    EXPECT(WRITES(1, 0, "data/other\0v") == WRITE);
    EXPECT(fails(store_ask(1, READ, u, "data/new"), "ENOENT") && WRITES(1, u, "data/new\0mine") == WRITE);
    EXPECT(store_ask(1, END, t, "T") == END && answers(store_ask(1, READ, 0, "data/state"), READ, "2", 1));
    EXPECT(WRITES(1, 0, "data/new\0others") == WRITE);
    EXPECT(fails(store_ask(1, END, u, "T"), "EAGAIN") && answers(store_ask(1, READ, 0, "data/new"), READ, "others", 6));
}

TEST(what_a_transaction_has_no_room_for_is_refused_and_the_rest_is_made)
{
    char text[64];
    uint32_t t = 0;

    store_begin_test();
    for (uint32_t i = 0; i <= 2 * STORE_CHANGES + 1; i++) {
        const uint32_t number = i % (STORE_CHANGES + 1); /* first all at once, then most of them in a transaction */
        const int length = snprintf(text, sizeof(text), "data/n%u%c%c", number, 0, i > STORE_CHANGES ? 'b' : 'a');
        t = i == STORE_CHANGES + 1 ? begin_transaction(1) : t;
        const int type = store_ask_bytes(1, WRITE, t, text, (uint32_t)length);
        EXPECT(i < 2 * STORE_CHANGES + 1 ? type == WRITE : fails(type, "ENOSPC"));
    }
    EXPECT(fails(store_ask(1, RM, t, "data/n64"), "ENOSPC"));
    EXPECT(store_ask(1, END, t, "T") == END);
    EXPECT(answers(store_ask(1, READ, 0, "data/n63"), READ, "b", 1) && answers(store_ask(1, READ, 0, "data/n64"), READ, "a", 1));
    /* More than it can depend on was read: what it saw may be old by now. */
    t = begin_transaction(1);
    for (uint32_t i = 0; i <= STORE_TOUCHED; i++) {
        (void)snprintf(text, sizeof(text), "data/n%u", i);
        EXPECT(store_ask(1, READ, t, text) == READ);
    }
    EXPECT(fails(store_ask(1, END, t, "T"), "ENOSPC"));
}

TEST(each_domain_has_so_much_and_no_more)
{
    char text[64];
    uint32_t made = 0;

    store_begin_test();
    uint16_t free_of_two = store.clients[2]->free_count;
    for (; made < 1000; made++) {
        int length = snprintf(text, sizeof(text), "data/n%u", made);
        if (store_ask_bytes(1, WRITE, 0, text, (uint32_t)length + 1) != WRITE) {
            break;
        }
    }
    EXPECT(made == STORE_NODES - 2 && strcmp(reply, "ENOSPC") == 0);
    EXPECT(fails(WRITES(1, 0, "data/n0/deep\0v"), "ENOSPC") && WRITES(1, 0, "data/n0\0v") == WRITE);
    EXPECT(store_ask(1, RM, 0, "data/n1") == RM && fails(WRITES(1, 0, "data/a/b\0v"), "ENOSPC"));
    EXPECT(fails(store_ask(1, READ, 0, "data/a"), "ENOENT") && WRITES(1, 0, "data/n1\0v") == WRITE);
    EXPECT(store.clients[2]->free_count == free_of_two && WRITES(2, 0, "data/k\0v") == WRITE);
    uint32_t t = begin_transaction(1);
    EXPECT(WRITES(1, t, "data/m\0v") == WRITE && fails(store_ask(1, END, t, "T"), "ENOSPC"));
    for (uint32_t i = 0; i < STORE_TRANSACTIONS; i++) {
        t = begin_transaction(2);
    }
    EXPECT(fails(store_ask_bytes(2, START, 0, "", 1), "ENOSPC"));
    for (uint32_t i = 0; i < STORE_CHANGES; i++) {
        EXPECT(WRITES(2, t, "data/k\0v") == WRITE);
    }
    EXPECT(fails(WRITES(2, t, "data/k\0v"), "ENOSPC"));
    for (uint32_t i = 0; i < STORE_WATCHES; i++) {
        int length = snprintf(text, sizeof(text), "data%c%u", 0, i);
        EXPECT(store_ask_bytes(3, WATCH, 0, text, (uint32_t)length + 1) == WATCH && store_receive(3) == EVENT);
    }
    EXPECT(fails(store_ask_bytes(3, WATCH, 0, LITERAL("data\0more\0")), "E2BIG") && store_is_whole());
}

TEST(refuses_requests_that_make_no_sense)
{
    static const struct {
        uint32_t type, size;
        const char *payload, *error;
    } cases[] = {
        {READ, 0, "", "EINVAL"},          {READ, 1, "", "EINVAL"},         {READ, 4, "data", "EINVAL"},
        {READ, 6, "data/", "EINVAL"},     {READ, 7, "data//", "EINVAL"},   {READ, 9, "data//ab", "EINVAL"},
        {READ, 6, "da ta", "EINVAL"},     {READ, 6, "dat\xc3\xa4", "EINVAL"}, {READ, 7, "data\0x", "EINVAL"},
        {READ, 3, "//", "EINVAL"},        {READ, 6, "a.b.c", "EINVAL"},    {WRITE, 4, "data", "EINVAL"},
        {WATCH, 5, "data", "EINVAL"},     {WATCH, 9, "data\0tok", "EACCES"}, {END, 2, "T", "EINVAL"},
        {START, 0, "", NULL},             {8, 1, "", "EACCES"},            {9, 1, "", "EACCES"},
        {18, 2, "1", "EACCES"},           {19, 2, "1", "EACCES"},          {0, 1, "", "ENOSYS"},
        {15, 1, "", "ENOSYS"},            {16, 1, "", "ENOSYS"},           {20, 1, "", "ENOSYS"},
        {22, 1, "", "ENOSYS"},            {0xffff, 1, "", "ENOSYS"},       {~0u, 0, "", "ENOSYS"},
        {PATH, 3, "1x", "EINVAL"},        {PATH, 1, "", "EINVAL"},         {PATH, 1, "1", "EINVAL"},
    };

    for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        store_begin_test();
        int type = store_ask_bytes(1, cases[i].type, 0, cases[i].payload, cases[i].size);
        bool watches = cases[i].type == WATCH && cases[i].size == 9;
        EXPECT(watches || cases[i].error == NULL ? type != ERROR : fails(type, cases[i].error));
    }
    EXPECT(fails(store_ask(1, READ, 99, "data"), "ENOENT"));
    EXPECT(answers(store_ask(1, PATH, 0, "17"), PATH, "/local/domain/17", 17));
    EXPECT(answers(store_ask(1, INTRODUCED, 0, "3"), INTRODUCED, "T", 2) && answers(store_ask(1, INTRODUCED, 0, "4"), INTRODUCED, "F", 2));
}

TEST(refuses_what_is_too_long)
{
    static char text[STORE_PAYLOAD];
    const char path[] = "data/k";

    store_begin_test();
    memset(text, 'x', sizeof(text));
    memcpy(text, path, sizeof(path));
    EXPECT(store_ask_bytes(1, WRITE, 0, text, sizeof(path) + STORE_VALUE) == WRITE);
    EXPECT(fails(store_ask_bytes(1, WRITE, 0, text, sizeof(path) + STORE_VALUE + 1), "E2BIG"));
    EXPECT(fails(store_ask_bytes(1, WRITE, 0, text, STORE_PAYLOAD), "E2BIG")); /* four rings full */
    memset(text, 'x', sizeof(text));
    text[STORE_PATH - 1] = '\0';
    EXPECT(fails(store_ask(1, READ, 0, text), "EINVAL"));
    memcpy(text, "data/", 5);
    text[5 + STORE_NAME] = '\0';
    EXPECT(fails(store_ask_bytes(1, WRITE, 0, text, 6 + STORE_NAME), "E2BIG"));
    text[4 + STORE_NAME] = '\0';
    EXPECT(store_ask_bytes(1, WRITE, 0, text, 5 + STORE_NAME) == WRITE);
    memset(text, 'x', sizeof(text));
    memcpy(text, "data\0", 5);
    text[5 + STORE_TOKEN] = '\0';
    EXPECT(fails(store_ask_bytes(1, WATCH, 0, text, 6 + STORE_TOKEN), "E2BIG"));
}

TEST(gives_up_a_guest_that_breaks_the_protocol)
{
    struct store_header h = {READ, 1, 0, STORE_PAYLOAD + 1};

    store_begin_test();
    EXPECT(store_send(1, &h, sizeof(h)) && rings[1].error == STORE_BAD_PROTOCOL && store_receive(1) == -1);
    EXPECT(store_ask(2, READ, 0, "data") == READ);
    store_begin_test();
    rings[1].request_put += STORE_RING + 1;
    store_serve_all(1);
    EXPECT(rings[1].error == STORE_BAD_INDEX);
    store_begin_test();
    rings[1].response_taken = 5;
    store_serve_all(1);
    EXPECT(rings[1].error == STORE_BAD_INDEX);
    memset(&rings[1], 0, sizeof(rings[1]));
    store_reset_client(&store, 1);
    EXPECT(store_ask(1, READ, 0, "data") == READ);
}

TEST(keeps_its_own_indices_where_the_guest_cannot_reach_them)
{
    store_begin_test();
    EXPECT(store_ask(1, READ, 0, "data") == READ);
    rings[1].request_taken = 12345;
    uint32_t put = rings[1].response_put;
    rings[1].response_put = 777;
    struct store_header h = {READ, 7, 0, 5};
    for (uint32_t i = 0; i < 21; i++) {
        rings[1].requests[rings[1].request_put++ % STORE_RING] = i < 16 ? ((uint8_t *)&h)[i] : (uint8_t)"data"[i - 16];
    }
    store_serve_all(1);
    EXPECT(rings[1].response_put == put + 16 && rings[1].request_taken == rings[1].request_put);
}

TEST(waits_for_a_guest_that_takes_nothing)
{
    struct store_header h = {READ, 1, 0, 5};

    store_begin_test();
    /* Answers without end, while nobody reads them: requests wait, too, and nothing is lost. */
    uint32_t sent = 0;
    while (sent < 10000 && store_send(1, &h, sizeof(h)) && store_send(1, "data", 5)) {
        sent++;
    }
    EXPECT(sent > 64 && sent < 200 && rings[1].error == 0);
    EXPECT(store_ask(2, READ, 0, "data") == READ);
    for (uint32_t i = 0; i < sent; i++) {
        EXPECT(store_receive(1) == READ);
    }
}

/* Two domains and a slow model of what each key of theirs says. */
TEST(says_what_a_plain_list_of_keys_would)
{
    enum { KEYS = 8 };
    static char values[2][KEYS][8], pending[2][KEYS][8];

    for (uint32_t history = 0; history < 20; history++) {
        uint32_t open[2] = {0, 0};
        store_begin_test();
        memset(values, 0, sizeof(values));
        for (uint32_t step = 0; step < 300; step++) {
            uint32_t d = (uint32_t)test_random(2), k = (uint32_t)test_random(KEYS);
            char text[64], (*seen)[8] = open[d] != 0 ? pending[d] : values[d];
            int length = snprintf(text, sizeof(text), "data/k%u", k) + 1;
            switch (test_random(6)) {
            case 0:
                (void)snprintf(seen[k], sizeof(seen[k]), "v%u", step);
                memcpy(text + length, seen[k], strlen(seen[k]));
                EXPECT(store_ask_bytes(d + 1, WRITE, open[d], text, (uint32_t)length + (uint32_t)strlen(seen[k])) == WRITE);
                break;
            case 1:
                EXPECT(store_ask(d + 1, RM, open[d], text) == RM);
                seen[k][0] = '\0';
                break;
            case 2:
                if (open[d] == 0) {
                    open[d] = begin_transaction(d + 1);
                    memcpy(pending[d], values[d], sizeof(values[d]));
                } else {
                    bool commit = test_random(2) == 0;
                    EXPECT(store_ask(d + 1, END, open[d], commit ? "T" : "F") == END);
                    memcpy(values[d], commit ? pending[d] : values[d], sizeof(values[d]));
                    open[d] = 0;
                }
                break;
            default: {
                int type = store_ask(d + 1, READ, open[d], text);
                EXPECT(seen[k][0] == '\0' ? fails(type, "ENOENT") : answers(type, READ, seen[k], (uint32_t)strlen(seen[k])));
                break;
            }
            }
        }
        EXPECT(store_is_whole());
    }
}

/* Told of nothing more. */
static bool is_quiet(uint32_t domain)
{
    return store_receive(domain) == -1;
}

TEST(tells_nobody_who_may_not_read)
{
    store_begin_test();
    EXPECT(store_ask_bytes(1, XS_WATCH, 0, LITERAL("/local/domain/3/data\0t\0")) == XS_WATCH);
    EXPECT(store_receive(1) == XS_WATCH_EVENT && is_quiet(1));
    EXPECT(WRITES(3, 0, "data/k\0v") == WRITE && is_quiet(1));
    EXPECT(store_ask_bytes(3, XS_SET_PERMS, 0, LITERAL("data/k\0n3\0r1\0")) == XS_SET_PERMS);
    EXPECT(store_receive(1) == XS_WATCH_EVENT && is_quiet(1)); /* who may now, */
    EXPECT(store_ask_bytes(3, XS_SET_PERMS, 0, LITERAL("data/k\0n3\0")) == XS_SET_PERMS);
    EXPECT(store_receive(1) == XS_WATCH_EVENT && is_quiet(1)); /* and who no longer may */
    EXPECT(WRITES(3, 0, "data/k\0w") == WRITE && is_quiet(1));
}

TEST(a_transaction_that_depends_on_too_much_fails_in_the_end)
{
    char text[64];

    store_begin_test();
    for (uint32_t i = 0; i <= STORE_TOUCHED; i++) {
        const int size = snprintf(text, sizeof(text), "data/k%u%cv", i, 0);
        EXPECT(store_ask_bytes(1, WRITE, 0, text, (uint32_t)size) == WRITE);
    }
    const uint32_t id = begin_transaction(1);
    for (uint32_t i = 0; i <= STORE_TOUCHED; i++) {
        (void)snprintf(text, sizeof(text), "data/k%u", i);
        EXPECT(store_ask(1, READ, id, text) == READ);
    }
    EXPECT(fails(store_ask(1, XS_TRANSACTION_END, id, "T"), "ENOSPC"));
}

TEST(lists_what_a_transaction_has_made_of_a_directory)
{
    store_begin_test();
    EXPECT(WRITES(1, 0, "data/a/b\0v") == WRITE && WRITES(1, 0, "data/c\0v") == WRITE);
    const uint32_t id = begin_transaction(1);
    EXPECT(store_ask(1, XS_RM, id, "data/a/b") == XS_RM);
    EXPECT(answers(store_ask(1, XS_DIRECTORY, id, "data"), XS_DIRECTORY, "shared\0a\0c", 11)); /* only what was below it */
    EXPECT(store_ask(1, XS_RM, id, "data/c") == XS_RM && store_ask(1, XS_MKDIR, id, "data/d/e") == XS_MKDIR);
    EXPECT(answers(store_ask(1, XS_DIRECTORY, id, "data"), XS_DIRECTORY, "shared\0a\0d", 11));
    EXPECT(store_ask(1, XS_RM, id, "data") == XS_RM);
    EXPECT(store_ask(1, XS_MKDIR, id, "data/f") == XS_MKDIR);
    EXPECT(answers(store_ask(1, XS_DIRECTORY, id, "data"), XS_DIRECTORY, "f", 2)); /* of what went with it, nothing */
}

TEST(tells_who_watches_below_what_a_transaction_removes)
{
    store_begin_test();
    EXPECT(WRITES(1, 0, "data/a/b\0v") == WRITE);
    EXPECT(store_ask_bytes(1, XS_WATCH, 0, LITERAL("data/a/b\0t\0")) == XS_WATCH && store_receive(1) == XS_WATCH_EVENT);
    const uint32_t id = begin_transaction(1);
    EXPECT(store_ask(1, XS_RM, id, "data/a") == XS_RM && store_ask(1, XS_TRANSACTION_END, id, "T") == XS_TRANSACTION_END);
    EXPECT(store_receive(1) == XS_WATCH_EVENT && strcmp(reply, "data/a/b") == 0 && is_quiet(1));
}

TEST(an_event_that_waits_behind_another_is_still_told_once)
{
    static const char a[] = "/local/domain/1/data/a", b[] = "/local/domain/1/data/b";

    store_begin_test();
    EXPECT(store_ask_bytes(1, XS_WATCH, 0, LITERAL("data\0t\0")) == XS_WATCH && store_receive(1) == XS_WATCH_EVENT);
    store_fire(&store, 1u << 1, a, false);
    store_fire(&store, 1u << 1, b, false);
    EXPECT(store_next_event(&store, 1)); /* of a */
    store_fire(&store, 1u << 1, b, false);
    EXPECT(store_next_event(&store, 1) && !store_next_event(&store, 1));
}
