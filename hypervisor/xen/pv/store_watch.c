/* SPDX-License-Identifier: Apache-2.0 */
/* Watches. Each remembers one event that has not been told: where a second one comes that is not the same, it becomes an
 * event of the watched path itself. "Watches may be triggered spuriously" (xenstore.txt): nothing is lost by it, and nobody
 * can fill another's memory with events. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/string.h>

#include "store.h"

static void note(struct store_client *client, struct store_watch *watch, const char *path)
{
    client->told = true;
    if (watch->pending && strcmp(watch->event, path) != 0) {
        path = watch->path;
    }
    if (path != watch->event) {
        memmove(watch->event, path, strlen(path) + 1);
    }
    watch->pending = true;
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
    w->pending = false;
    return STORE_OK;
}

void store_fire(struct store *store, const struct store_node *node, const char *path, bool removed)
{
    for (uint32_t domain = 1; domain <= store->domain_count; domain++) {
        if (store->clients[domain] == NULL || !store_may(store, node, domain, STORE_READ)) {
            continue;
        }
        for (uint32_t i = 0; i < STORE_WATCHES; i++) {
            struct store_watch *w = &store->clients[domain]->watches[i];
            if (w->used && store_is_below(w->path, path)) {
                note(store->clients[domain], w, path);
            } else if (w->used && removed && store_is_below(path, w->path)) {
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

    for (uint32_t i = 0; i < STORE_WATCHES; i++) {
        uint32_t at = (client->next_watch + i) % STORE_WATCHES;
        struct store_watch *w = &client->watches[at];
        if (!w->pending) {
            continue;
        }
        const char *path = as_watched(w, w->event);
        size_t path_size = strlen(path) + 1, token_size = strlen(w->token) + 1;
        uint8_t *payload = client->out.bytes + sizeof(struct store_header);
        memcpy(payload, path, path_size);
        memcpy(payload + path_size, w->token, token_size);
        store_put_header(client, XS_WATCH_EVENT, 0, 0, (uint32_t)(path_size + token_size));
        w->pending = false;
        client->next_watch = at + 1;
        return true;
    }
    client->told = false;
    return false;
}
