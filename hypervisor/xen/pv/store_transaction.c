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

/* What a transaction has made of a directory's children, by name. */
struct names {
    bool all_removed; /* those that were there before */
    uint32_t count;
    struct {
        const char *name; /* in the log: it ends with a slash or a NUL */
        uint32_t hash;
        uint8_t length;
        bool there, listed;
    } of[STORE_CHANGES];
};

/* STORE_CHANGES: the transaction has not touched it. */
static uint32_t find_name(const struct names *names, const char *name, size_t length, uint32_t hash)
{
    for (uint32_t i = 0; i < names->count; i++) {
        if (names->of[i].hash == hash && names->of[i].length == length && memcmp(names->of[i].name, name, length) == 0) {
            return i;
        }
    }
    return STORE_CHANGES;
}

static void note_name(struct names *names, const char *name, bool removed)
{
    size_t length = store_name_length(name);
    const uint32_t hash = store_hash(name, length);
    uint32_t i = find_name(names, name, length, hash);

    if (removed && name[length] != '\0') {
        return; /* what is below it */
    }
    if (i == STORE_CHANGES) {
        i = names->count++;
        names->of[i].name = name;
        names->of[i].hash = hash;
        names->of[i].length = (uint8_t)length;
        names->of[i].listed = false;
    }
    names->of[i].there = !removed;
}

/* In one pass, so that a listing is no more work than names there are, and as much again for each change. */
static void read_names(const struct store_transaction *t, const char *path, struct names *names)
{
    const size_t length = strlen(path) == 1 ? 0 : strlen(path);

    names->all_removed = false;
    names->count = 0;
    for (uint32_t at = 0; t != NULL && at < t->log_size;) {
        struct entry e;
        const char *name;
        at = entry_at(t, at, &e, &name);
        if (e.operation == LOG_RM && store_is_below(name, path)) {
            names->all_removed = true;
            names->count = 0;
        } else if (store_is_below(path, name) && name[length] == '/' && name[length + 1] != '\0') {
            note_name(names, name + length + 1, e.operation == LOG_RM);
        }
    }
}

static bool add_name(uint8_t *to, uint32_t room, uint32_t *size, const char *name, size_t length)
{
    if (length + 1 > room - *size) {
        return false;
    }
    memcpy(to + *size, name, length);
    to[*size + length] = '\0';
    *size += (uint32_t)length + 1;
    return true;
}

/* The children that were there before, unless the transaction has removed them. */
static bool list_nodes(struct store *store, const struct store_node *node, struct names *names, uint8_t *to, uint32_t room,
                       uint32_t *size)
{
    for (uint16_t i = node == NULL || names->all_removed ? STORE_NONE : node->child; i != STORE_NONE;
         i = store->nodes[i].next) {
        const struct store_node *child = &store->nodes[i];
        const size_t length = strlen(child->name);
        const uint32_t known = find_name(names, child->name, length, child->hash);
        if (known != STORE_CHANGES) {
            names->of[known].listed = true;
        }
        if ((known == STORE_CHANGES || names->of[known].there) && !add_name(to, room, size, child->name, length)) {
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
    struct names names;
    enum store_error error = look(store, domain, t, path, STORE_READ, &value, &value_size);

    *size = 0;
    if (error != STORE_OK) {
        return error;
    }
    read_names(t, path, &names);
    bool fits = list_nodes(store, store_find(store, path), &names, to, room, size);
    for (uint32_t i = 0; fits && i < names.count; i++) {
        if (names.of[i].there && !names.of[i].listed) {
            fits = add_name(to, room, size, names.of[i].name, names.of[i].length);
        }
    }
    return fits ? STORE_OK : STORE_E2BIG;
}

/* Makes the change; who may has been asked, and nodes are there. Whom to tell; 0: nobody, for nothing has changed. */
static uint64_t apply(struct store *store, uint32_t domain, enum operation operation, const char *path,
                      const uint8_t *value, uint32_t size)
{
    const uint16_t *free_count = &store->clients[domain]->free_count, before = *free_count;
    uint64_t readers = 0;
    struct store_node *node;

    if (operation == LOG_RM) {
        node = store_find(store, path);
        if (node != NULL) {
            readers = store_readers(store, node);
            store_remove(store, node);
        }
        return readers;
    }
    node = store_make(store, domain, path); /* where it is not there */
    if (node == NULL || (operation == LOG_MKDIR && *free_count == before)) {
        return 0;
    }
    if (operation == LOG_WRITE) {
        memcpy(node->value, value, size);
        node->value_size = (uint16_t)size;
    }
    store_touch(store, node);
    return store_readers(store, node);
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

/* What no change can be, wherever it is made. It is asked first: a transaction does not depend on what it did not do. */
static enum store_error fits(const struct store_transaction *t, const char *path, uint32_t size)
{
    if (size > STORE_VALUE || has_long_name(path)) {
        return STORE_E2BIG;
    }
    const bool is_full = t != NULL && (t->change_count == STORE_CHANGES ||
                                       sizeof(struct entry) + strlen(path) + 1 + size > STORE_LOG - t->log_size);
    return is_full ? STORE_ENOSPC : STORE_OK;
}

/* One that fits. */
static enum store_error change(struct store *store, uint32_t domain, struct store_transaction *t, enum operation operation,
                               const char *path, const uint8_t *value, uint32_t size)
{
    struct entry e = {(uint16_t)operation, (uint16_t)(strlen(path) + 1), (uint16_t)size};

    if (t == NULL) {
        if (operation != LOG_RM && store_missing(store, path) > store->clients[domain]->free_count) {
            return STORE_ENOSPC;
        }
        store_fire(store, apply(store, domain, operation, path, value, size), path, operation == LOG_RM);
        return STORE_OK;
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
    enum store_error error = fits(t, path, size);

    if (error != STORE_OK) {
        return error;
    }
    error = look(store, domain, t, path, STORE_WRITE, &old, &old_size);
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
    enum store_error error = fits(t, path, 0);
    if (error != STORE_OK) {
        return error;
    }
    memcpy(parent, path, length + 1);
    while (parent[--length] != '/') {
    }
    parent[length == 0 ? 1 : length] = '\0';
    error = look(store, domain, t, path, STORE_WRITE, &value, &size);
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
    uint32_t number = 0;
    for (uint32_t at = 0; at < t->log_size; number++) {
        struct entry e;
        const char *path;
        at = entry_at(t, at, &e, &path);
        t->readers[number] =
            apply(store, domain, (enum operation)e.operation, path, (const uint8_t *)path + e.path_size, e.value_size);
    }
    t->told = 0;
    t->told_at = 0;
    store->clients[domain]->ended = t; /* nothing else is begun before all of it is told */
    return STORE_OK;
}

bool store_tell_change(struct store *store, uint32_t domain)
{
    struct store_client *client = store->clients[domain];
    struct store_transaction *t = client->ended;
    struct entry e;
    const char *path;

    if (t == NULL || t->told == t->change_count) {
        client->ended = NULL;
        return false;
    }
    t->told_at = (uint16_t)entry_at(t, t->told_at, &e, &path);
    store_fire(store, t->readers[t->told++], path, e.operation == LOG_RM);
    return true;
}
