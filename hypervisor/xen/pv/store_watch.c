/* SPDX-License-Identifier: Apache-2.0 */
/* Watches. Each remembers some events that have not been told: where one more comes, all become an event of the watched path
 * itself. "Watches may be triggered spuriously" (xenstore.txt): nothing is lost by it, and nobody can fill another's memory
 * with events. Some, not one: Linux heeds no event of `device` or `backend` themselves, only of what is below
 * (docs/decisions/0013). */
#include <stdbool.h>
#include <stdint.h>

#include <xi/string.h>

#include "store.h"

static void note(struct store_client *client, struct store_watch *watch, const char *path)
{
    client->told = true;
    for (uint32_t i = 0; i < watch->pending; i++) {
        if (strcmp(watch->events[i], path) == 0) {
            return;
        }
    }
    if (watch->pending == STORE_EVENTS) {
        watch->pending = 0;
        path = watch->path;
    }
    memcpy(watch->events[watch->pending++], path, strlen(path) + 1);
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
            *w = (struct store_watch){.used = true, .relative = relative};
            memcpy(w->path, path, strlen(path) + 1);
            memcpy(w->token, token, strlen(token) + 1);
            note(client, w, path);
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

void store_fire(struct store *store, const struct store_node *node, const char *path, bool whole)
{
    for (uint32_t domain = 1; domain <= store->domain_count; domain++) {
        if (store->clients[domain] == NULL || !store_may(store, node, domain, STORE_READ)) {
            continue;
        }
        for (uint32_t i = 0; i < STORE_WATCHES; i++) {
            struct store_watch *w = &store->clients[domain]->watches[i];
            if (w->used && store_is_below(w->path, path)) {
                note(store->clients[domain], w, path);
            } else if (w->used && whole && store_is_below(path, w->path)) {
                note(store->clients[domain], w, w->path);
            }
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
        client->next_watch = at + 1;
        return true;
    }
    client->told = false;
    return false;
}
