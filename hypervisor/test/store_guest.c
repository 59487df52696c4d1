/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_guest.h"

#define NODES ((STORE_GUESTS + 1) * STORE_NODES)

struct store store;
struct store_ring rings[STORE_GUESTS + 1];
struct store_header reply_header;
char reply[STORE_PAYLOAD + 1];
static struct store_node nodes[NODES];
static struct store_client clients[STORE_GUESTS + 1], *list[STORE_GUESTS + 1];

/* As all of it is when a test begins. */
static struct store first;
static struct store_node first_nodes[NODES];
static uint16_t first_free[STORE_GUESTS + 1][2];

static struct store_node *seed(uint32_t owner, const char *path, struct store_right right)
{
    struct store_node *node = store_make(&store, owner, path);

    if (node == NULL) {
        abort();
    }
    node->right_count = right.rights != 0;
    node->rights[0] = right;
    return node;
}

static void make_first(void)
{
    for (uint32_t i = 0; i <= STORE_GUESTS; i++) {
        list[i] = &clients[i];
    }
    store_init(&store, STORE_GUESTS, nodes, list);
    for (uint32_t i = 1; i <= STORE_GUESTS; i++) {
        char path[64];
        (void)snprintf(path, sizeof(path), "/local/domain/%u", i);
        seed(0, path, (struct store_right){(uint8_t)i, STORE_READ});
        strcat(path, "/data");
        seed(i, path, (struct store_right){0});
    }
    seed(1, "/local/domain/1/data/shared", (struct store_right){2, STORE_READ});
    first = store;
    memcpy(first_nodes, nodes, sizeof(nodes));
    for (uint32_t i = 0; i <= STORE_GUESTS; i++) {
        first_free[i][0] = clients[i].free;
        first_free[i][1] = clients[i].free_count;
    }
}

void store_begin_test(void)
{
    memset(rings, 0, sizeof(rings));
    if (first.clients == NULL) {
        make_first();
    }
    /* Not all of it is copied: a fuzzer begins a million times. What a free node, watch or transaction holds is nobody's. */
    store = first;
    for (uint32_t i = 0; i < NODES; i++) {
        if (nodes[i].used || first_nodes[i].used) {
            nodes[i] = first_nodes[i];
        }
        nodes[i].next = first_nodes[i].next;
    }
    for (uint32_t i = 0; i <= STORE_GUESTS; i++) {
        store_reset_client(&store, i);
        clients[i].free = first_free[i][0];
        clients[i].free_count = first_free[i][1];
        clients[i].last_transaction = 0;
        clients[i].next_watch = 0;
    }
}

void store_serve_all(uint32_t domain)
{
    for (uint32_t i = 0; i < 100000 && store_serve(&store, domain, &rings[domain], true); i++) {
    }
}

bool store_send(uint32_t domain, const void *bytes, uint32_t size)
{
    struct store_ring *ring = &rings[domain];

    for (uint32_t i = 0; i < size; i++) {
        if (ring->request_put - ring->request_taken == STORE_RING) {
            store_serve_all(domain);
            if (ring->request_put - ring->request_taken == STORE_RING) {
                return false;
            }
        }
        ring->requests[ring->request_put++ % STORE_RING] = ((const uint8_t *)bytes)[i];
    }
    store_serve_all(domain);
    return true;
}

static bool take(uint32_t domain, void *to, uint32_t size)
{
    struct store_ring *ring = &rings[domain];

    for (uint32_t i = 0; i < size; i++) {
        if (ring->response_put == ring->response_taken) {
            store_serve_all(domain);
            if (ring->response_put == ring->response_taken) {
                return false;
            }
        }
        ((uint8_t *)to)[i] = ring->responses[ring->response_taken++ % STORE_RING];
    }
    return true;
}

int store_receive(uint32_t domain)
{
    if (!take(domain, &reply_header, sizeof(reply_header))) {
        return -1;
    }
    if (reply_header.size > STORE_PAYLOAD || !take(domain, reply, reply_header.size)) {
        abort();
    }
    reply[reply_header.size] = '\0';
    return (int)reply_header.type;
}

int store_ask_bytes(uint32_t domain, uint32_t type, uint32_t transaction, const char *text, uint32_t size)
{
    static uint32_t number;
    struct store_header h = {type, ++number, transaction, size};

    if (!store_send(domain, &h, sizeof(h)) || !store_send(domain, text, size)) {
        return -2;
    }
    int got = store_receive(domain);
    return got >= 0 && (reply_header.request != number || reply_header.transaction != transaction) ? -3 : got;
}

int store_ask(uint32_t domain, uint32_t type, uint32_t transaction, const char *text)
{
    return store_ask_bytes(domain, type, transaction, text, (uint32_t)strlen(text) + 1);
}

bool store_is_whole(void)
{
    uint32_t linked = 1, used = 0;

    for (uint32_t i = 0; i < NODES; i++) {
        used += nodes[i].used;
        for (uint32_t c = nodes[i].used ? nodes[i].child : STORE_NONE; c != STORE_NONE; c = nodes[c].next) {
            linked++;
            if (!nodes[c].used || nodes[c].parent != i || linked > NODES) {
                return false;
            }
        }
    }
    for (uint32_t d = 0; d <= STORE_GUESTS; d++) {
        uint32_t count = 0;
        for (uint32_t i = clients[d].free; count < clients[d].free_count; i = nodes[i].next) {
            if (nodes[i].used || i / STORE_NODES != d) {
                return false;
            }
            count++;
        }
        used += count;
    }
    return linked <= used && used == NODES;
}
