/* SPDX-License-Identifier: Apache-2.0 */
/* Watches. Each remembers some events that have not been told: where one more comes, all become an event of the watched path
 * itself. "Watches may be triggered spuriously" (xenstore.txt): nothing is lost by it, and nobody can fill another's memory
 * with events. Some, not one: Linux heeds no event of `device` or `backend` themselves, only of what is below
 * (docs/decisions/0013). */
#include <stdbool.h>
#include <stdint.h>

#include <xi/string.h>

#include "store.h"

static void note(struct store_client *client, struct store_watch *watch, const char *path, size_t length, uint32_t hash)
{
    client->told = true;
    for (uint32_t i = 0; i < watch->pending; i++) {
        if (watch->hashes[i] == hash && strcmp(watch->events[i], path) == 0) {
            return;
        }
    }
    if (watch->pending == STORE_EVENTS) {
        watch->pending = 0;
        path = watch->path;
        length = watch->length;
        hash = store_hash(path, length);
    }
    watch->hashes[watch->pending] = hash;
    memcpy(watch->events[watch->pending++], path, length + 1);
}

/* The event of the watched path itself. */
static void note_itself(struct store_client *client, struct store_watch *watch)
{
    note(client, watch, watch->path, watch->length, store_hash(watch->path, watch->length));
}

static struct store_watch *find(struct store_client *client, const char *path, const char *token)
{
    for (uint32_t i = 0; i < STORE_WATCHES; i++) {
        struct store_watch *w = &client->watches[i];
        if (w->used && strcmp(w->path, path) == 0 && strcmp(w->token, token) == 0) {
            return w;
        }
    }
    return NULL;
}

enum store_error store_add_watch(struct store_client *client, const char *path, bool relative, const char *token)
{
    if (find(client, path, token) != NULL) {
        return STORE_EEXIST;
    }
    for (uint32_t i = 0; i < STORE_WATCHES; i++) {
        struct store_watch *w = &client->watches[i];
        if (!w->used) {
            *w = (struct store_watch){.used = true, .relative = relative, .length = (uint16_t)strlen(path)};
            memcpy(w->path, path, w->length + 1u);
            memcpy(w->token, token, strlen(token) + 1);
            note_itself(client, w);
            return STORE_OK;
        }
    }
    return STORE_E2BIG;
}

enum store_error store_remove_watch(struct store_client *client, const char *path, const char *token)
{
    struct store_watch *w = find(client, path, token);

    if (w == NULL) {
        return STORE_ENOENT;
    }
    w->used = false;
    w->pending = 0;
    return STORE_OK;
}

uint64_t store_readers(const struct store *store, const struct store_node *node)
{
    uint64_t readers = 0;

    for (uint32_t domain = 1; domain <= store->domain_count; domain++) {
        readers |= (uint64_t)store_may(store, node, domain, STORE_READ) << domain;
    }
    return readers;
}

static void fire(struct store_client *client, const char *path, size_t length, uint32_t hash, bool whole)
{
    for (uint32_t i = 0; i < STORE_WATCHES; i++) {
        struct store_watch *w = &client->watches[i];
        if (!w->used) {
            continue;
        }
        /* Most watches are of other paths, which is seen where the shorter of the two ends. */
        if (w->length <= length && store_is_below(w->path, path)) {
            note(client, w, path, length, hash);
        } else if (whole && w->length > length && store_is_below(path, w->path)) {
            note_itself(client, w);
        }
    }
}

void store_fire(struct store *store, uint64_t readers, const char *path, bool whole)
{
    const size_t length = strlen(path);
    const uint32_t hash = store_hash(path, length);

    for (uint32_t domain = 1; readers >> domain != 0; domain++) {
        if ((readers >> domain & 1) != 0 && store->clients[domain] != NULL) {
            fire(store->clients[domain], path, length, hash, whole);
        }
    }
}

/* As it was set: relative paths are without what they are relative to. */
static const char *as_watched(const struct store_watch *w, const char *path)
{
    uint32_t slashes = w->relative ? 4 : 0; /* /local/domain/N/ */

    while (slashes != 0) {
        slashes -= *path++ == '/';
    }
    return path;
}

bool store_next_event(struct store *store, uint32_t domain)
{
    struct store_client *client = store->clients[domain];

    for (uint32_t i = 0; client->told && i < STORE_WATCHES; i++) {
        uint32_t at = (client->next_watch + i) % STORE_WATCHES;
        struct store_watch *w = &client->watches[at];
        if (w->pending == 0) {
            continue;
        }
        const char *path = as_watched(w, w->events[0]);
        size_t path_size = strlen(path) + 1, token_size = strlen(w->token) + 1;
        uint8_t *payload = client->out.bytes + sizeof(struct store_header);
        memcpy(payload, path, path_size);
        memcpy(payload + path_size, w->token, token_size);
        store_put_header(client, XS_WATCH_EVENT, 0, 0, (uint32_t)(path_size + token_size));
        w->pending--;
        memmove(w->events[0], w->events[1], w->pending * sizeof(w->events[0]));
        memmove(w->hashes, w->hashes + 1, w->pending * sizeof(w->hashes[0]));
        client->next_watch = at + 1;
        return true;
    }
    client->told = false;
    return false;
}
