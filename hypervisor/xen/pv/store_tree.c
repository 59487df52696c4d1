/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes: each owner's are in a list of free ones until they hang in the tree. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/string.h>

#include "store.h"

void store_init(struct store *store, uint32_t domain_count, struct store_node *nodes, struct store_client **clients)
{
    store->domain_count = domain_count;
    store->nodes = nodes;
    store->clients = clients;
    nodes[0].used = true; /* the root */
    for (uint32_t owner = 0; owner <= domain_count; owner++) {
        const uint32_t from = owner * STORE_NODES + (owner == 0), end = (owner + 1) * STORE_NODES;
        clients[owner]->free = (uint16_t)from;
        clients[owner]->free_count = (uint16_t)(end - from);
        for (uint32_t i = from; i < end; i++) {
            nodes[i].next = i + 1 == end ? STORE_NONE : (uint16_t)(i + 1);
        }
    }
}

uint16_t store_number(const struct store *store, const struct store_node *node)
{
    return (uint16_t)(node - store->nodes);
}

uint32_t store_owner(const struct store *store, const struct store_node *node)
{
    return store_number(store, node) / STORE_NODES;
}

bool store_may(const struct store *store, const struct store_node *node, uint32_t domain, uint8_t rights)
{
    uint8_t has = node->others;

    if (store_owner(store, node) == domain) {
        return true;
    }
    for (uint32_t i = 0; i < node->right_count; i++) {
        has = node->rights[i].domain == domain ? node->rights[i].rights : has;
    }
    return (has & rights) == rights;
}

void store_touch(struct store *store, struct store_node *node)
{
    node->generation = ++store->generation;
}

size_t store_name_length(const char *path)
{
    size_t length = 0;

    while (path[length] != '\0' && path[length] != '/') {
        length++;
    }
    return length;
}

uint32_t store_hash(const char *text, size_t length)
{
    uint32_t hash = 0x811c9dc5;

    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (uint8_t)text[i]) * 0x01000193u;
    }
    return hash;
}

static struct store_node *child_of(struct store *store, const struct store_node *node, const char *name, size_t length)
{
    const uint32_t hash = store_hash(name, length);

    for (uint16_t i = node->child; i != STORE_NONE; i = store->nodes[i].next) {
        struct store_node *child = &store->nodes[i];
        if (child->hash == hash && strlen(child->name) == length && memcmp(child->name, name, length) == 0) {
            return child;
        }
    }
    return NULL;
}

/* Goes as far as there are nodes; *rest: the names that are missing, without the first slash. */
static struct store_node *descend(struct store *store, const char *path, const char **rest)
{
    struct store_node *node = &store->nodes[0];

    path++; /* the slash */
    while (*path != '\0') {
        size_t length = store_name_length(path);
        struct store_node *child = child_of(store, node, path, length);
        if (child == NULL) {
            break;
        }
        node = child;
        path += length;
        path += *path == '/';
    }
    *rest = path;
    return node;
}

struct store_node *store_nearest(struct store *store, const char *path)
{
    const char *rest;

    return descend(store, path, &rest);
}

struct store_node *store_find(struct store *store, const char *path)
{
    const char *rest;
    struct store_node *node = descend(store, path, &rest);

    return *rest == '\0' ? node : NULL;
}

uint32_t store_missing(struct store *store, const char *path)
{
    const char *rest;
    uint32_t count = 0;

    for (descend(store, path, &rest); *rest != '\0'; rest += *rest == '/') {
        rest += store_name_length(rest);
        count++;
    }
    return count;
}

/* Behind its brothers: a directory is listed in the order in which its children came, by which guests number devices. */
static struct store_node *add_child(struct store *store, uint32_t owner, struct store_node *parent, const char *name,
                                    size_t length)
{
    struct store_client *client = store->clients[owner];
    struct store_node *node = &store->nodes[client->free];
    uint16_t *last = &parent->child;

    if (client->free_count == 0 || length >= STORE_NAME) {
        return NULL;
    }
    client->free = node->next;
    client->free_count--;
    *node = (struct store_node){
        .parent = store_number(store, parent),
        .next = STORE_NONE,
        .used = true,
        .others = parent->others,
        .right_count = parent->right_count,
        .hash = store_hash(name, length),
    };
    memcpy(node->rights, parent->rights, sizeof(node->rights));
    memcpy(node->name, name, length);
    while (*last != STORE_NONE) {
        last = &store->nodes[*last].next;
    }
    *last = store_number(store, node);
    store_touch(store, node);
    store_touch(store, parent);
    return node;
}

struct store_node *store_make(struct store *store, uint32_t owner, const char *path)
{
    const char *rest;
    struct store_node *node = descend(store, path, &rest);

    while (*rest != '\0' && node != NULL) {
        size_t length = store_name_length(rest);
        node = add_child(store, owner, node, rest, length);
        rest += length;
        rest += *rest == '/';
    }
    return node;
}

static void unlink_node(struct store *store, struct store_node *node)
{
    struct store_node *parent = &store->nodes[node->parent];
    const uint16_t number = store_number(store, node);
    uint16_t *at = &parent->child;

    while (*at != number) {
        XI_CHECK(*at != STORE_NONE);
        at = &store->nodes[*at].next;
    }
    *at = node->next;
    store_touch(store, parent);
}

/* Has no children. */
static void give_back(struct store *store, struct store_node *node)
{
    struct store_client *client = store->clients[store_owner(store, node)];

    unlink_node(store, node);
    *node = (struct store_node){.next = client->free};
    client->free = store_number(store, node);
    client->free_count++;
}

void store_remove(struct store *store, struct store_node *node)
{
    for (struct store_node *at = node;;) {
        if (at->child != STORE_NONE) {
            at = &store->nodes[at->child];
            continue;
        }
        struct store_node *parent = &store->nodes[at->parent];
        bool last = at == node;
        give_back(store, at);
        if (last) {
            return;
        }
        at = parent;
    }
}

bool store_is_below(const char *path, const char *child)
{
    if (path[1] == '\0') { /* the root */
        return true;
    }
    for (; *path != '\0' && *path == *child; path++) {
        child++;
    }
    return *path == '\0' && (*child == '\0' || *child == '/');
}
