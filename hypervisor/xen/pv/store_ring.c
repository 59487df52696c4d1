/* SPDX-License-Identifier: Apache-2.0 */
/* The page between guest and store. The guest may write any of it at any time: of the indices, ours are kept where it cannot
 * reach them, and its own are checked each time. Messages are as long as the ring or longer: they go through it in pieces. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/string.h>

#include "store.h"

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static bool give_up(struct store_client *client, struct store_ring *ring, uint32_t why)
{
    client->dead = true;
    __atomic_store_n(&ring->error, why, __ATOMIC_RELEASE);
    return true;
}

/* As much of what goes out as there is room for. */
static bool push(struct store_client *client, struct store_ring *ring)
{
    uint32_t taken = __atomic_load_n(&ring->response_taken, __ATOMIC_ACQUIRE);
    uint32_t used = client->response_put - taken;

    if (used > STORE_RING) {
        return give_up(client, ring, STORE_BAD_INDEX);
    }
    uint32_t count = smaller(client->out_size - client->out_done, STORE_RING - used);
    for (uint32_t done = 0; done < count;) {
        uint32_t at = client->response_put % STORE_RING, piece = smaller(count - done, STORE_RING - at);
        memcpy(ring->responses + at, client->out.bytes + client->out_done, piece);
        client->out_done += piece;
        client->response_put += piece;
        done += piece;
    }
    if (count != 0) {
        __atomic_store_n(&ring->response_put, client->response_put, __ATOMIC_RELEASE); /* behind the bytes */
    }
    return count != 0;
}

static uint32_t message_size(const struct store_client *client)
{
    const uint32_t header = sizeof(struct store_header);

    return client->in_size < header ? header : header + client->in.header.size;
}

/* As much of the message that comes in as is there. */
static bool pull(struct store_client *client, struct store_ring *ring)
{
    uint32_t put = __atomic_load_n(&ring->request_put, __ATOMIC_ACQUIRE);
    uint32_t there = put - client->request_taken, before = client->request_taken;

    if (there > STORE_RING) {
        return give_up(client, ring, STORE_BAD_INDEX);
    }
    while (there != 0 && client->in_size < message_size(client)) {
        uint32_t at = client->request_taken % STORE_RING;
        uint32_t piece = smaller(smaller(there, STORE_RING - at), message_size(client) - client->in_size);
        memcpy(client->in.bytes + client->in_size, ring->requests + at, piece);
        client->in_size += piece;
        client->request_taken += piece;
        there -= piece;
        if (client->in_size == sizeof(struct store_header) && client->in.header.size > STORE_PAYLOAD) {
            return give_up(client, ring, STORE_BAD_PROTOCOL);
        }
    }
    if (client->request_taken != before) {
        __atomic_store_n(&ring->request_taken, client->request_taken, __ATOMIC_RELEASE);
    }
    return client->request_taken != before;
}

/* It has been told of everything. */
static void note_told(struct store_client *client)
{
    if (client->heed == STORE_UNTOLD) {
        client->heed = STORE_TOLD;
        client->told_until = client->response_put;
    }
}

/* It asks for something: after it has read what it was told, or before. */
static void note_asked(struct store_client *client, const struct store_ring *ring)
{
    uint32_t taken = __atomic_load_n(&ring->response_taken, __ATOMIC_RELAXED);

    if (client->heed == STORE_TOLD && taken - client->told_until <= UINT32_MAX / 2) {
        client->heed = STORE_ASKED;
    }
}

/* What follows belongs to it: a transaction has all of its requests before an end of a link comes anew, or behind that. */
static bool is_in_transaction(const struct store_header *h)
{
    return h->type == XS_TRANSACTION_START || (h->transaction != 0 && h->type != XS_TRANSACTION_END);
}

static bool is_idle(const struct store_client *client)
{
    return client->out_done == client->out_size;
}

bool store_serve(struct store *store, uint32_t domain, struct store_ring *ring, bool answer)
{
    struct store_client *client = store->clients[domain];

    /* First of all what it has changed, and if it reads no answers any more: others wait for it. */
    if (answer && store_tell_change(store, domain)) {
        return true;
    }
    if (client->dead) {
        return false;
    }
    bool done = push(client, ring);
    if (client->dead || !is_idle(client)) {
        return done;
    }
    if (store_next_event(store, domain)) {
        return push(client, ring) || done;
    }
    note_told(client);
    if (!answer) {
        return done;
    }
    done = pull(client, ring) || done;
    if (!client->dead && client->in_size >= sizeof(struct store_header) && client->in_size == message_size(client)) {
        client->in_size = 0;
        note_asked(client, ring);
        if (!is_in_transaction(&client->in.header)) {
            store_note_left(store, domain);
        }
        store_answer(store, domain);
        done = push(client, ring) || done;
    }
    return done;
}
