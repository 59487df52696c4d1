/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and changing the tree. A transaction keeps a log of its changes, and which nodes it depends on: in the end, the
 * changes are made all at once, unless one of those nodes has changed meanwhile. So nobody's changes elsewhere can make it
 * fail. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/string.h>

#include "store.h"

enum operation { LOG_WRITE, LOG_MKDIR, LOG_RM };

/* Of the log; path with its NUL and value follow. */
struct entry {
    uint16_t operation, path_size, value_size;
};

struct store_transaction *store_transaction(struct store_client *client, uint32_t id)
{
    for (uint32_t i = 0; i < STORE_TRANSACTIONS && id != 0; i++) {
        if (client->transactions[i].id == id) {
            return &client->transactions[i];
        }
    }
    return NULL;
}

enum store_error store_begin(struct store_client *client, uint32_t *id)
{
    for (uint32_t i = 0; i < STORE_TRANSACTIONS; i++) {
        struct store_transaction *t = &client->transactions[i];
        if (t->id == 0) {
            do {
                client->last_transaction++;
            } while (client->last_transaction == 0 || store_transaction(client, client->last_transaction) != NULL);
            t->id = client->last_transaction;
            t->full = false;
            t->touched_count = 0;
            t->change_count = 0;
            t->log_size = 0;
            *id = t->id;
            return STORE_OK;
        }
    }
    return STORE_ENOSPC;
}

/* From now on the transaction depends on it. */
static void depend(struct store *store, struct store_transaction *t, const struct store_node *node)
{
    const uint16_t number = store_number(store, node);

    if (t == NULL) {
        return;
    }
    for (uint32_t i = 0; i < t->touched_count; i++) {
        if (t->touched[i].node == number) {
            return;
        }
    }
    if (t->touched_count == STORE_TOUCHED) {
        t->full = true;
        return;
    }
    t->touched[t->touched_count].node = number;
    t->touched[t->touched_count++].generation = node->generation;
}

/* Where the log goes on behind the entry at `at`. */
static uint32_t entry_at(const struct store_transaction *t, uint32_t at, struct entry *e, const char **path)
{
    memcpy(e, t->log + at, sizeof(*e));
    *path = (const char *)t->log + at + sizeof(*e);
    return at + (uint32_t)sizeof(*e) + e->path_size + e->value_size;
}

/* What the transaction itself has made of a path. */
enum seen { SEEN_NOTHING, SEEN_THERE, SEEN_VALUE, SEEN_REMOVED };

static enum seen seen_in_log(const struct store_transaction *t, const char *path, const uint8_t **value, uint32_t *size)
{
    enum seen seen = SEEN_NOTHING;

    for (uint32_t at = 0; t != NULL && at < t->log_size;) {
        struct entry e;
        const char *name;
        at = entry_at(t, at, &e, &name);
        if (e.operation == LOG_RM) {
            seen = store_is_below(name, path) ? SEEN_REMOVED : seen;
        } else if (e.operation == LOG_WRITE && strcmp(name, path) == 0) {
            *value = (const uint8_t *)name + e.path_size;
            *size = e.value_size;
            seen = SEEN_VALUE;
        } else if (store_is_below(path, name) && (seen == SEEN_NOTHING || seen == SEEN_REMOVED)) {
            /* Made by it, or by what is below; empty, unless it was there before and is still. */
            *size = 0;
            seen = seen == SEEN_REMOVED ? SEEN_VALUE : SEEN_THERE;
        }
    }
    return seen;
}

/* Whether the domain may do that there, and what is there. */
static enum store_error look(struct store *store, uint32_t domain, struct store_transaction *t, const char *path,
                             uint8_t rights, const uint8_t **value, uint32_t *size)
{
    struct store_node *node = store_find(store, path);
    struct store_node *nearest = node != NULL ? node : store_nearest(store, path);

    *size = 0;
    *value = nearest->value;
    enum seen seen = seen_in_log(t, path, value, size);
    depend(store, t, nearest);
    /* What is not there is decided by where it would be: who may not read that learns nothing from it. */
    if (!store_may(store, nearest, domain, rights)) {
        return STORE_EACCES;
    }
    if (seen == SEEN_REMOVED || (seen == SEEN_NOTHING && node == NULL)) {
        return STORE_ENOENT;
    }
    if (node != NULL && (seen == SEEN_NOTHING || seen == SEEN_THERE)) {
        *value = node->value;
        *size = node->value_size;
    }
    return STORE_OK;
}

enum store_error store_read(struct store *store, uint32_t domain, struct store_transaction *t, const char *path,
                            const uint8_t **value, uint32_t *size)
{
    return look(store, domain, t, path, STORE_READ, value, size);
}

static bool add_name(uint8_t *to, uint32_t room, uint32_t *size, const char *name, size_t length)
{
    for (uint32_t at = 0; at < *size; at += (uint32_t)strlen((char *)to + at) + 1) {
        if (strlen((char *)to + at) == length && memcmp(to + at, name, length) == 0) {
            return true;
        }
    }
    if (length + 1 > room - *size) {
        return false;
    }
    memcpy(to + *size, name, length);
    to[*size + length] = '\0';
    *size += (uint32_t)length + 1;
    return true;
}

/* A path to a child; false where it has no room. */
static bool join(char path[STORE_PATH], const char *of, const char *name)
{
    size_t length = strlen(of) == 1 ? 0 : strlen(of), more = strlen(name);

    if (length + 1 + more >= STORE_PATH) {
        return false;
    }
    memcpy(path, of, length);
    path[length] = '/';
    memcpy(path + length + 1, name, more + 1);
    return true;
}

/* Children that the transaction has made. */
static bool list_log(struct store_transaction *t, const char *path, uint8_t *to, uint32_t room, uint32_t *size)
{
    size_t length = strlen(path) == 1 ? 0 : strlen(path);

    for (uint32_t at = 0; t != NULL && at < t->log_size;) {
        struct entry e;
        const char *name;
        char child[STORE_PATH];
        const uint8_t *value;
        uint32_t value_size;
        at = entry_at(t, at, &e, &name);
        if (e.operation == LOG_RM || strcmp(name, path) == 0 || !store_is_below(path, name)) {
            continue;
        }
        const char *leaf = name + length + 1;
        size_t leaf_length = 0;
        while (leaf[leaf_length] != '\0' && leaf[leaf_length] != '/') {
            leaf_length++;
        }
        memcpy(child, name, length + 1 + leaf_length);
        child[length + 1 + leaf_length] = '\0';
        if (seen_in_log(t, child, &value, &value_size) != SEEN_REMOVED && !add_name(to, room, size, leaf, leaf_length)) {
            return false;
        }
    }
    return true;
}

enum store_error store_list(struct store *store, uint32_t domain, struct store_transaction *t, const char *path, uint8_t *to,
                            uint32_t room, uint32_t *size)
{
    const uint8_t *value;
    uint32_t value_size;
    enum store_error error = look(store, domain, t, path, STORE_READ, &value, &value_size);
    const struct store_node *node = store_find(store, path);

    *size = 0;
    for (uint16_t i = error != STORE_OK || node == NULL ? STORE_NONE : node->child; i != STORE_NONE;
         i = store->nodes[i].next) {
        const char *name = store->nodes[i].name;
        char child[STORE_PATH];
        if (!join(child, path, name) || seen_in_log(t, child, &value, &value_size) == SEEN_REMOVED) {
            continue;
        }
        if (strlen(name) + 1 > room - *size) {
            return STORE_E2BIG;
        }
        memcpy(to + *size, name, strlen(name) + 1);
        *size += (uint32_t)strlen(name) + 1;
    }
    if (error == STORE_OK && !list_log(t, path, to, room, size)) {
        return STORE_E2BIG;
    }
    return error;
}

/* Makes the change; who may has been asked, and nodes are there. */
static enum store_error apply(struct store *store, uint32_t domain, enum operation operation, const char *path,
                              const uint8_t *value, uint32_t size)
{
    struct store_node *node = store_find(store, path);

    if (operation == LOG_RM) {
        if (node != NULL) {
            store_fire(store, node, path, true);
            store_remove(store, node);
        }
        return STORE_OK;
    }
    if (operation == LOG_MKDIR && node != NULL) {
        return STORE_OK;
    }
    node = store_make(store, domain, path);
    if (node == NULL) {
        return STORE_ENOSPC;
    }
    if (operation == LOG_WRITE) {
        memcpy(node->value, value, size);
        node->value_size = (uint16_t)size;
    }
    store_touch(store, node);
    store_fire(store, node, path, false);
    return STORE_OK;
}

static bool has_long_name(const char *path)
{
    size_t length = 0;

    for (; *path != '\0'; path++) {
        length = *path == '/' ? 0 : length + 1;
        if (length >= STORE_NAME) {
            return true;
        }
    }
    return false;
}

static enum store_error change(struct store *store, uint32_t domain, struct store_transaction *t, enum operation operation,
                               const char *path, const uint8_t *value, uint32_t size)
{
    struct entry e = {(uint16_t)operation, (uint16_t)(strlen(path) + 1), (uint16_t)size};

    if (size > STORE_VALUE || has_long_name(path)) {
        return STORE_E2BIG;
    }
    if (t == NULL) {
        return operation != LOG_RM && store_missing(store, path) > store->clients[domain]->free_count
                   ? STORE_ENOSPC
                   : apply(store, domain, operation, path, value, size);
    }
    if (t->change_count == STORE_CHANGES || sizeof(e) + e.path_size + size > STORE_LOG - t->log_size) {
        return STORE_ENOSPC;
    }
    memcpy(t->log + t->log_size, &e, sizeof(e));
    memcpy(t->log + t->log_size + sizeof(e), path, e.path_size);
    if (size != 0) {
        memcpy(t->log + t->log_size + sizeof(e) + e.path_size, value, size);
    }
    t->change_count++;
    t->log_size = (uint16_t)(t->log_size + sizeof(e) + e.path_size + size);
    return STORE_OK;
}

static enum store_error make(struct store *store, uint32_t domain, struct store_transaction *t, enum operation operation,
                             const char *path, const uint8_t *value, uint32_t size)
{
    const uint8_t *old;
    uint32_t old_size;
    enum store_error error = look(store, domain, t, path, STORE_WRITE, &old, &old_size);

    return error == STORE_OK || error == STORE_ENOENT ? change(store, domain, t, operation, path, value, size) : error;
}

enum store_error store_write(struct store *store, uint32_t domain, struct store_transaction *t, const char *path,
                             const uint8_t *value, uint32_t size)
{
    return make(store, domain, t, LOG_WRITE, path, value, size);
}

enum store_error store_mkdir(struct store *store, uint32_t domain, struct store_transaction *t, const char *path)
{
    return make(store, domain, t, LOG_MKDIR, path, NULL, 0);
}

enum store_error store_rm(struct store *store, uint32_t domain, struct store_transaction *t, const char *path)
{
    const uint8_t *value;
    uint32_t size;
    char parent[STORE_PATH];
    size_t length = strlen(path);

    if (length == 1) {
        return STORE_EINVAL;
    }
    memcpy(parent, path, length + 1);
    while (parent[--length] != '/') {
    }
    parent[length == 0 ? 1 : length] = '\0';
    enum store_error error = look(store, domain, t, path, STORE_WRITE, &value, &size);
    if (error == STORE_ENOENT) {
        return look(store, domain, t, parent, STORE_WRITE, &value, &size); /* which must be there */
    }
    return error == STORE_OK ? change(store, domain, t, LOG_RM, path, NULL, 0) : error;
}

static bool holds(const struct store *store, const struct store_transaction *t)
{
    for (uint32_t i = 0; i < t->touched_count; i++) {
        const struct store_node *node = &store->nodes[t->touched[i].node];
        if (!node->used || node->generation != t->touched[i].generation) {
            return false;
        }
    }
    return true;
}

/* Nodes that the changes want at most. */
static uint32_t wanted(struct store *store, const struct store_transaction *t)
{
    uint32_t count = 0;

    for (uint32_t at = 0; at < t->log_size;) {
        struct entry e;
        const char *path;
        at = entry_at(t, at, &e, &path);
        count += e.operation == LOG_RM ? 0 : store_missing(store, path);
    }
    return count;
}

enum store_error store_end(struct store *store, uint32_t domain, struct store_transaction *t, bool commit)
{
    t->id = 0;
    if (!commit) {
        return STORE_OK;
    }
    if (t->full || !holds(store, t)) {
        return t->full ? STORE_ENOSPC : STORE_EAGAIN;
    }
    if (wanted(store, t) > store->clients[domain]->free_count) {
        return STORE_ENOSPC;
    }
    for (uint32_t at = 0; at < t->log_size;) {
        struct entry e;
        const char *path;
        at = entry_at(t, at, &e, &path);
        (void)apply(store, domain, (enum operation)e.operation, path, (const uint8_t *)path + e.path_size, e.value_size);
    }
    return STORE_OK;
}
