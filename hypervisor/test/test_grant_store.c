/* SPDX-License-Identifier: Apache-2.0 */
/* The store of a machine: what the configuration says of it, and two domains that find it by their parameters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xi/arch.h>
#include <xi/guest_map.h>
#include <xi/hypercall.h>
#include <xi/pv.h>

#include "../xen/pv/store.h"
#include "caller.h"
#include "grant_pair.h"
#include "test.h"

#define LITERAL(text) (const uint8_t *)(text), sizeof(text)

static const char entries[] = "n0r1\0/local/domain/1\0\0n1r2\0/local/domain/1/data\0\0n1r2\0/local/domain/1/data/state\0"
                              "1\0n0r2\0/local/domain/2\0\0n2\0/local/domain/2/own\0x";
static struct config_store seeds;
static uint8_t *memory;
static struct store_ring *ring[2];

static const char *init(const uint8_t *text, uint32_t size)
{
    uint32_t which;

    seeds = (struct config_store){.entries = text, .size = size};
    free(memory);
    memory = calloc(1, pv_store_size(2));
    return pv_store_init(&seeds, 2, memory, &which);
}

static void begin_store_of(const uint8_t *text, uint32_t size)
{
    pair_begin();
    EXPECT(init(text, size) == NULL);
    for (uint32_t i = 0; i < 2; i++) {
        struct side *s = i == 0 ? &one : &two;
        /* In the machine's memory, beside what the pair has. */
        ring[i] = arch_pa_to_va((pa_t){arch_va_to_pa(s->domain->pv->sink).pa + XI_MIB(1)});
        pv_store_connect(s->domain, ring[i]);
        /* As each piece of the domain's memory is scrubbed, for the first time too. */
        EXPECT(!pv_release(s->domain) && !pv_release(s->domain));
        pv_open(s->domain);
    }
}

static void begin_store(void)
{
    begin_store_of(LITERAL(entries));
}

static uint64_t parameter(struct side *by, uint32_t index)
{
    return by->domain->xen->params[index];
}

/* What happens elsewhere before a call is made again; and how often it was made again. */
static void (*meanwhile)(void);
static uint32_t rounds;

static int64_t send_event(struct side *by, uint32_t port)
{
    struct vcpu *v = by->vcpu;

    rounds = 0;

    fake_set_current(v);
    memcpy(by->ram + (ARGUMENT - FAKE_RAM), &port, sizeof(port));
    v->regs.x[0] = EVTCHNOP_send;
    v->regs.x[1] = ARGUMENT;
    v->regs.x[16] = EVENT;
    do {
        v->regs.pc = 0x1004;
        hypercall(v);
        if (meanwhile != NULL) {
            meanwhile();
        }
    } while (v->regs.pc == 0x1000 && ++rounds < 1000);
    return (int64_t)v->regs.x[0];
}

static int64_t request(struct side *by, uint32_t type, const char *payload, uint32_t size)
{
    struct store_ring *r = ring[by == &two];
    struct store_header h = {type, 1, 0, size};

    for (uint32_t i = 0; i < sizeof(h) + size; i++) {
        r->requests[r->request_put++ % STORE_RING] =
            i < sizeof(h) ? ((const uint8_t *)&h)[i] : (uint8_t)payload[i - sizeof(h)];
    }
    return send_event(by, (uint32_t)parameter(by, HVM_PARAM_STORE_EVTCHN));
}

/* Type of the next message, and its payload. */
static uint32_t receive(struct side *by, char *payload)
{
    struct store_ring *r = ring[by == &two];
    struct store_header h = {0};

    for (uint32_t i = 0; i < sizeof(h) && r->response_taken != r->response_put; i++) {
        ((uint8_t *)&h)[i] = r->responses[r->response_taken++ % STORE_RING];
    }
    for (uint32_t i = 0; i < h.size; i++) {
        payload[i] = (char)r->responses[r->response_taken++ % STORE_RING];
    }
    payload[h.size] = '\0';
    return h.type;
}

TEST(a_domain_finds_its_store_by_parameters_and_is_answered_when_it_sends)
{
    char payload[128];

    begin_store();
    EXPECT(parameter(&one, HVM_PARAM_STORE_PFN) == GUEST_STORE_START / 4096);
    EXPECT(pair_machine(&one, GUEST_STORE_START) == arch_va_to_pa(ring[0]).pa);
    EXPECT(request(&one, XS_READ, "data/state", 11) == 0);
    EXPECT(receive(&one, payload) == XS_READ && strcmp(payload, "1") == 0);
    uint32_t port = (uint32_t)parameter(&one, HVM_PARAM_STORE_EVTCHN);
    EXPECT((one.domain->xen->shared.info.evtchn_pending[0] & 1ull << port) != 0); /* told */
    EXPECT(on_port(3, port) == -EINVAL);                                          /* not to be closed, */
    EXPECT(send_event(&one, port + 1) == -EINVAL);                                /* and the only one of its kind */
    put(0, 30, 4);
    put(4, 0, 4);
    EXPECT(event(0, 1) == -EINVAL); /* no virtual interrupt that a guest can bind */
}

TEST(who_watches_is_told_while_another_writes)
{
    char payload[128];

    begin_store();
    EXPECT(request(&two, XS_WATCH, "/local/domain/1/data\0tok", 25) == 0);
    EXPECT(receive(&two, payload) == XS_WATCH && receive(&two, payload) == XS_WATCH_EVENT);
    uint64_t *pending = &two.domain->xen->shared.info.evtchn_pending[0];
    *pending = 0;
    EXPECT(request(&one, XS_WRITE, "data/state\0" "4", 12) == 0);
    EXPECT(*pending != 0 && receive(&two, payload) == XS_WATCH_EVENT);
    EXPECT(strcmp(payload, "/local/domain/1/data/state") == 0);
    EXPECT(request(&two, XS_READ, "/local/domain/1/data/state", 27) == 0);
    EXPECT(receive(&two, payload) == XS_READ && strcmp(payload, "4") == 0);
    EXPECT(request(&one, XS_READ, "/local/domain/2/own", 20) == 0);
    EXPECT(receive(&one, payload) == XS_WRITE && receive(&one, payload) == XS_ERROR && strcmp(payload, "EACCES") == 0);
}

TEST(a_domain_that_begins_again_finds_what_the_configuration_says)
{
    char payload[128];

    begin_store();
    EXPECT(request(&two, XS_WATCH, "/local/domain/1/data\0tok", 25) == 0);
    EXPECT(receive(&two, payload) == XS_WATCH && receive(&two, payload) == XS_WATCH_EVENT);
    EXPECT(request(&one, XS_WRITE, "data/state\0" "4", 12) == 0 && request(&one, XS_WRITE, "data/more\0v", 11) == 0);
    EXPECT(request(&one, XS_WATCH, "data\0t", 7) == 0);
    pair_restart(&one);
    EXPECT(ring[0]->request_put == 0 && ring[0]->response_put == 0);
    EXPECT(request(&one, XS_READ, "data/state", 11) == 0 && receive(&one, payload) == XS_READ && strcmp(payload, "1") == 0);
    EXPECT(request(&one, XS_READ, "data/more", 10) == 0 && receive(&one, payload) == XS_ERROR);
    EXPECT(request(&one, XS_WRITE, "data/x\0v", 8) == 0 && receive(&one, payload) == XS_WRITE);
    EXPECT(receive(&one, payload) == 0); /* no watch of its former life */
    EXPECT(receive(&two, payload) == XS_WATCH_EVENT);
    EXPECT(request(&two, XS_READ, "own", 4) == 0);
}

TEST(what_a_domain_wrote_last_is_there_when_it_has_ended_for_good)
{
    char payload[128];

    begin_store();
    EXPECT(request(&one, XS_WRITE, "data/state\0" "4", 12) == 0);
    one.domain->reason = SHUTDOWN_POWEROFF;
    while (pv_release(one.domain)) {
    }
    EXPECT(request(&two, XS_READ, "/local/domain/1/data/state", 27) == 0);
    EXPECT(receive(&two, payload) == XS_READ && strcmp(payload, "4") == 0);
}

static const char link[] = "n1r2\0/local/domain/1/b/frontend\0/local/domain/2/f\0n1r2\0/local/domain/1/b/state\0" "1\0"
                           "n2r1\0/local/domain/2/f/backend\0/local/domain/1/b\0n2r1\0/local/domain/2/f/state\0" "1\0"
                           "n1\0/local/domain/1/own\0x";

TEST(both_ends_of_a_link_are_there_when_domains_first_begin)
{
    char payload[128];

    begin_store_of(LITERAL(link));
    EXPECT(request(&one, XS_READ, "b/state", 8) == 0 && receive(&one, payload) == XS_READ && strcmp(payload, "1") == 0);
    EXPECT(request(&two, XS_READ, "f/state", 8) == 0 && receive(&two, payload) == XS_READ && strcmp(payload, "1") == 0);
}

TEST(both_ends_of_a_link_go_when_a_domain_ends_and_come_when_both_ask_again)
{
    char payload[128];

    begin_store_of(LITERAL(link));
    EXPECT(request(&two, XS_WATCH, "f\0t", 4) == 0 && receive(&two, payload) == XS_WATCH);
    EXPECT(receive(&two, payload) == XS_WATCH_EVENT);
    EXPECT(request(&two, XS_WRITE, "f/state\0" "4", 9) == 0 && receive(&two, payload) == XS_WRITE);
    EXPECT(receive(&two, payload) == XS_WATCH_EVENT && receive(&two, payload) == 0);
    uint64_t *pending = &two.domain->xen->shared.info.evtchn_pending[0];
    *pending = 0;
    pair_restart(&one);
    EXPECT(*pending != 0 && receive(&two, payload) == XS_WATCH_EVENT && strcmp(payload, "f") == 0);
    EXPECT(request(&two, XS_READ, "f/state", 8) == 0 && receive(&two, payload) == XS_ERROR);
    EXPECT(request(&two, XS_READ, "f/state", 8) == 0 && receive(&two, payload) == XS_ERROR); /* 1 has not asked */
    *pending = 0;
    EXPECT(request(&one, XS_READ, "own", 4) == 0 && receive(&one, payload) == XS_READ);
    EXPECT(request(&one, XS_READ, "b/state", 8) == 0 && receive(&one, payload) == XS_READ);
    EXPECT(*pending != 0 && receive(&two, payload) == XS_WATCH_EVENT && strcmp(payload, "f") == 0);
    EXPECT(request(&two, XS_READ, "f/state", 8) == 0 && receive(&two, payload) == XS_READ && strcmp(payload, "1") == 0);
}

TEST(a_vcpu_that_runs_on_while_its_domain_ends_is_not_answered)
{
    char payload[128];

    begin_store();
    one.domain->dying = true; /* by another vCPU */
    EXPECT(request(&one, XS_READ, "data/state", 11) == 0 && receive(&one, payload) == 0);
    one.domain->dying = false;
    EXPECT(request(&one, XS_READ, "data/state", 11) == 0 && receive(&one, payload) == XS_READ);
}

#define EVENT_BYTES (16 + 20 + 4) /* of `own`, with a token of three */

static uint32_t taken_most, taken;

static void empty_ring(void)
{
    const uint32_t there = ring[1]->response_put - ring[1]->response_taken;

    taken_most = there > taken_most ? there : taken_most;
    taken += there;
    ring[1]->response_taken = ring[1]->response_put;
}

/* 2 has all its watches on a node of its own, and is owed an event of each, but for those that its ring has room for. */
static void begin_owed(void)
{
    char payload[128];

    begin_store();
    for (uint32_t i = 0; i < STORE_WATCHES; i++) {
        char text[] = "/local/domain/2/own\0t00";
        text[21] = (char)('0' + i / 10);
        text[22] = (char)('0' + i % 10);
        EXPECT(request(&two, XS_WATCH, text, sizeof(text)) == 0 && receive(&two, payload) == XS_WATCH);
        EXPECT(receive(&two, payload) == XS_WATCH_EVENT);
    }
    EXPECT(request(&two, XS_WRITE, "own\0v", 5) == 0);
    EXPECT(ring[1]->response_put - ring[1]->response_taken == STORE_RING);
    taken = taken_most = 0;
}

TEST(others_are_told_some_at_a_time_while_a_call_is_made_again)
{
    begin_owed();
    empty_ring();
    taken_most = 0;
    meanwhile = empty_ring;
    EXPECT(request(&one, XS_READ, "data/state", 11) == 0);
    meanwhile = NULL;
    EXPECT(taken_most < 17 * EVENT_BYTES && taken_most > 15 * EVENT_BYTES && rounds < 8);
    EXPECT(taken == 16 + 3 + STORE_WATCHES * EVENT_BYTES);
}

static uint32_t writes;

/* 2 gives itself more to be told of than it is told, for ever. */
static void write_and_take(void)
{
    const uint32_t of_one = rounds;
    const struct vcpu *v = one.vcpu;

    meanwhile = NULL;
    writes++;
    EXPECT(request(&two, XS_WRITE, "own\0v", 5) == 0);
    empty_ring();
    while (ring[1]->request_taken != ring[1]->request_put) {
        EXPECT(send_event(&two, (uint32_t)parameter(&two, HVM_PARAM_STORE_EVTCHN)) == 0);
        empty_ring();
    }
    meanwhile = write_and_take;
    rounds = of_one;
    fake_set_current((struct vcpu *)(uintptr_t)v);
}

TEST(who_is_owed_events_without_end_keeps_nobodys_call)
{
    begin_owed();
    empty_ring();
    meanwhile = write_and_take;
    EXPECT(request(&one, XS_READ, "data/state", 11) == 0);
    meanwhile = NULL;
    EXPECT(writes > 4 && rounds <= 2 + 1024 / 16); /* 1,024 pieces, 16 a call */
}

/* Why entries are refused, as the console says it. */
#define ODD "not rights, path and value each"
#define OWNER "rights are not a letter of n, r, w, b and a domain's number, one after the other"
#define RIGHTS "rights of too many domains, or not a letter of n, r, w, b and a domain's number each"
#define PATH "no absolute path of a XenStore"
#define VALUE "a value that is too long"
#define OTHER_OWNER "a path that has another owner"
#define NO_ROOM "more nodes than their owner has, or a name that is too long"

static bool refused(const uint8_t *text, uint32_t size, const char *why)
{
    const char *said = init(text, size);

    return said != NULL && strcmp(said, why) == 0;
}

TEST(says_that_an_owner_has_no_more_nodes)
{
    static char text[(STORE_NODES + 1) * 16];
    uint32_t size = 0;

    for (uint32_t i = 0; i < STORE_NODES; i++) {
        size += (uint32_t)sprintf(text + size, "n1%c/k%u%c%c", 0, i, 0, 0);
    }
    EXPECT(init((uint8_t *)text, size) == NULL);
    size += (uint32_t)sprintf(text + size, "n1%c/more%c", 0, 0);
    EXPECT(refused((uint8_t *)text, size + 1, NO_ROOM));
}

TEST(says_what_is_wrong_with_an_entry)
{
    char text[400] = "n1";

    EXPECT(init(LITERAL("n1\0/a\0v\0n2b1\0/a/b\0")) == NULL);
    EXPECT(refused(LITERAL("n1\0/a"), ODD) && refused(LITERAL("n1\0/a\0v\0n1"), ODD));
    EXPECT(refused(LITERAL("\0/a\0"), OWNER) && refused(LITERAL("n\0/a\0"), OWNER) && refused(LITERAL("x1\0/a\0"), OWNER));
    EXPECT(refused(LITERAL("n3\0/a\0"), OWNER) && refused(LITERAL("n4294967297\0/a\0"), OWNER));
    EXPECT(refused(LITERAL("n1r\0/a\0"), RIGHTS) && refused(LITERAL("n1r257\0/a\0"), RIGHTS));
    EXPECT(refused(LITERAL("n1r2r2r2r2r2\0/a\0"), RIGHTS));
    EXPECT(refused(LITERAL("n1\0a\0"), PATH) && refused(LITERAL("n1\0/a/\0"), PATH) && refused(LITERAL("n1\0\0"), PATH));
    EXPECT(refused(LITERAL("n1\0/a\0v\0n2\0/a\0w"), OTHER_OWNER));
    EXPECT(init(LITERAL("n0\0/\0v")) == NULL && refused(LITERAL("n1\0/\0v"), OTHER_OWNER));
    memset(text + 3, 'x', 300);
    text[3] = '/';
    EXPECT(refused((uint8_t *)text, 305, PATH));
    text[4 + STORE_NAME] = '\0';
    EXPECT(refused((uint8_t *)text, 6 + STORE_NAME, NO_ROOM));
    text[3 + STORE_NAME] = '\0';
    EXPECT(init((uint8_t *)text, 5 + STORE_NAME) == NULL);
    memset(text + 3, 'x', 300);
    memcpy(text + 3, "/a\0", 3);
    text[6 + STORE_VALUE] = '\0';
    EXPECT(init((uint8_t *)text, 7 + STORE_VALUE) == NULL);
    text[6 + STORE_VALUE] = 'x';
    text[7 + STORE_VALUE] = '\0';
    EXPECT(refused((uint8_t *)text, 8 + STORE_VALUE, VALUE));
}
