/* SPDX-License-Identifier: Apache-2.0 */
/* What a device between two domains is in the store: a directory in either's home, of which a key names the other
 * (`backend` in the one, `frontend` in the other, as xenbus has it for all kinds of devices). Both live and die together:
 *
 * - A domain that ends takes both ends of its links with it. Whoever is at the other end sees its own vanish, as if somebody
 *   had unplugged the device, and gives back what it had of it.
 * - Both are made anew, as the entries say, when both domains have read of it, and have asked for something since while they
 *   watched nothing of the other's former end. Who has not seen that the former end went would take the new one for it, and
 *   who is at giving it up would do to the new one what it means for the former: Linux writes its last states, and when it
 *   watches the other's no more, it removes a key. What else a domain is told meanwhile does not count: others could hold its
 *   links up with it. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/print.h>
#include <xi/string.h>

#include "store.h"

#define ENTRIES 4u /* made anew in one step */

static bool first_entry(const struct store *store, const char **at, struct store_entry *entry)
{
    *at = store->entries;
    return store_next_entry(at, store->entries_end, entry);
}

static bool next_entry(const struct store *store, const char **at, struct store_entry *entry)
{
    return store_next_entry(at, store->entries_end, entry);
}

/* `path` is the directory with that name in it. */
static bool is_key_of(const char *path, const char *directory, const char *name)
{
    size_t length = strlen(directory);

    return strnlen(path, length) == length && memcmp(path, directory, length) == 0 && path[length] == '/' &&
           strcmp(path + length + 1, name) == 0;
}

/* The directory, if this one's `backend` leads to one whose `frontend` leads back. */
static const char *find_frontend(const struct store *store, const struct store_entry *backend)
{
    const char *at;
    struct store_entry e;

    for (bool more = first_entry(store, &at, &e); more; more = next_entry(store, &at, &e)) {
        if (is_key_of(e.path, backend->value, "frontend") && is_key_of(backend->path, e.value, "backend")) {
            return e.value;
        }
    }
    return NULL;
}

bool store_find_links(struct store *store, const uint8_t *entries, uint32_t size)
{
    const char *at;
    struct store_entry e;

    store->entries = (const char *)entries;
    store->entries_end = store->entries + size;
    store->link_count = 0;
    for (bool more = first_entry(store, &at, &e); more; more = next_entry(store, &at, &e)) {
        const char *frontend = find_frontend(store, &e);
        uint32_t a = frontend == NULL ? 0 : store_home_of(store, frontend), b = store_home_of(store, e.value);
        if (a == 0 || b == 0 || a == b) {
            continue;
        }
        if (store->link_count == STORE_LINKS) {
            return false;
        }
        store->links[store->link_count++] =
            (struct store_link){.ends = {frontend, e.value}, .domains = {(uint8_t)a, (uint8_t)b}};
    }
    return true;
}

static void remove_all(struct store *store, const char *path)
{
    struct store_node *node = store_find(store, path);

    if (node != NULL && node != store->nodes) {
        store_fire(store, store_readers(store, node), path, true);
        store_remove(store, node);
    }
}

static bool watches_below(const struct store_client *client, const char *directory)
{
    for (uint32_t i = 0; i < STORE_WATCHES; i++) {
        if (client->watches[i].used && store_is_below(directory, client->watches[i].path)) {
            return true;
        }
    }
    return false;
}

void store_note_left(struct store *store, uint32_t domain)
{
    const struct store_client *client = store->clients[domain];

    for (uint32_t i = 0; i < store->link_count && client->heed == STORE_ASKED; i++) {
        struct store_link *link = &store->links[i];
        const uint32_t end = link->domains[1] == domain;
        if (link->parted && link->domains[end] == domain && !link->left[end]) {
            link->left[end] = !watches_below(client, link->ends[1 - end]);
        }
    }
}

/* The next link of the domain that is there; false: there is none. */
static bool part_link(struct store *store, uint32_t domain, uint32_t *at)
{
    for (; *at < store->link_count; ++*at) {
        struct store_link *link = &store->links[*at];
        if (link->domains[0] != domain && link->domains[1] != domain) {
            continue;
        }
        link->left[link->domains[1] == domain] = false; /* what its next life has not */
        if (link->parted) {
            continue;
        }
        link->parted = true;
        link->left[link->domains[0] == domain] = false;
        remove_all(store, link->ends[0]);
        remove_all(store, link->ends[1]);
        struct store_client *other = store->clients[link->domains[link->domains[0] == domain]];
        other->heed = other->told ? STORE_UNTOLD : other->heed;
        store_note_left(store, link->domains[link->domains[0] == domain]); /* who watches nothing has nothing to read */
        return true;
    }
    return false;
}

static bool is_of_parted(const struct store *store, uint32_t domain, const char *path)
{
    for (uint32_t i = 0; i < store->link_count; i++) {
        const struct store_link *link = &store->links[i];
        for (uint32_t end = 0; end < 2; end++) {
            if (link->parted && link->domains[end] == domain && store_is_below(link->ends[end], path)) {
                return true;
            }
        }
    }
    return false;
}

/* The next few entries from *at on, those of its home; false: there are no more. */
static bool renew_some(struct store *store, uint32_t domain, uint32_t *at)
{
    const char *next = store->entries + *at;
    struct store_entry e;
    bool more = true;

    for (uint32_t i = 0; i < ENTRIES && more; i++) {
        more = store_next_entry(&next, store->entries_end, &e);
        if (more && store_home_of(store, e.path) == domain && !is_of_parted(store, domain, e.path)) {
            /* As at boot, unless others have made nodes of theirs in its place meanwhile. */
            (void)store_make_entry(store, &e, true);
        }
    }
    *at = (uint32_t)(next - store->entries);
    return more;
}

static bool go_on(struct store_client *client, enum store_parting to)
{
    client->parting = to;
    client->part_at = 0;
    return to != STORE_PART_CHANGES;
}

bool store_part(struct store *store, uint32_t domain, bool renew)
{
    struct store_client *client = store->clients[domain];
    char home[sizeof(STORE_HOME) + 10];

    switch (client->parting) {
    case STORE_PART_CHANGES:
        if (store_tell_change(store, domain)) {
            return true;
        }
        store_reset_client(store, domain);
        return go_on(client, STORE_PART_LINKS);
    case STORE_PART_LINKS:
        return part_link(store, domain, &client->part_at) || go_on(client, renew ? STORE_PART_HOME : STORE_PART_CHANGES);
    case STORE_PART_HOME:
        (void)xi_snprintf(home, sizeof(home), STORE_HOME "%u", domain);
        remove_all(store, home);
        return go_on(client, STORE_PART_RENEW);
    case STORE_PART_RENEW:
    default:
        return renew_some(store, domain, &client->part_at) || go_on(client, STORE_PART_CHANGES);
    }
}

static void join(struct store *store, struct store_link *link)
{
    const char *at;
    struct store_entry e;

    link->parted = false;
    remove_all(store, link->ends[0]); /* what somebody made in their place meanwhile */
    remove_all(store, link->ends[1]);
    for (bool more = first_entry(store, &at, &e); more; more = next_entry(store, &at, &e)) {
        if (store_is_below(link->ends[0], e.path) || store_is_below(link->ends[1], e.path)) {
            (void)store_make_entry(store, &e, false);
        }
    }
    for (uint32_t end = 0; end < 2; end++) {
        const struct store_node *node = store_find(store, link->ends[end]);
        if (node != NULL) {
            store_fire(store, store_readers(store, node), link->ends[end], true); /* once for all: a watch remembers only so many */
        }
    }
}

bool store_join(struct store *store)
{
    for (uint32_t i = 0; i < store->link_count; i++) {
        struct store_link *link = &store->links[i];
        if (link->parted && link->left[0] && link->left[1]) {
            join(store, link);
            return true;
        }
    }
    return false;
}
