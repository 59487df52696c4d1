/* SPDX-License-Identifier: Apache-2.0 */
/* What the configuration says of the store: entries of rights, path and value, each a string. Rights are XenStore's own, one
 * after the other: "n1r2" is domain 1's, nobody else has any, but 2 may read; the owner 0 is the store itself. What is
 * missing on the way to a path is made with the same owner. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/string.h>

#include "store.h"

/* The next string of the entries; NULL behind the last. */
static const char *next(const char **at, const char *end)
{
    const char *text = *at;

    if (text == end) {
        return NULL;
    }
    *at += strlen(text) + 1;
    return text;
}

static bool read_right(const struct store *store, const char **text, struct store_right *right)
{
    static const char letters[] = "nrwb";
    const char *c = *text;
    uint32_t rights = 0, number = 0;

    while (rights < 4 && letters[rights] != *c) {
        rights++;
    }
    if (rights == 4 || c[1] < '0' || c[1] > '9') {
        return false;
    }
    for (c++; *c >= '0' && *c <= '9' && number <= store->domain_count; c++) {
        number = number * 10 + (uint32_t)(*c - '0');
    }
    *text = c;
    *right = (struct store_right){(uint8_t)number, (uint8_t)rights};
    return number <= store->domain_count;
}

uint32_t store_home_of(const struct store *store, const char *path)
{
    uint32_t number = 0;

    if (strncmp(path, STORE_HOME, sizeof(STORE_HOME) - 1) != 0) {
        return 0;
    }
    for (path += sizeof(STORE_HOME) - 1; *path >= '0' && *path <= '9' && number <= store->domain_count; path++) {
        number = number * 10 + (uint32_t)(*path - '0');
    }
    return number <= store->domain_count && (*path == '/' || *path == '\0') ? number : 0;
}

const char *store_make_entry(struct store *store, const struct store_entry *entry, bool fire)
{
    const char *rights = entry->rights, *path = entry->path, *value = entry->value;
    struct store_right owner, listed[STORE_PERMS];
    uint8_t count = 0;

    if (!read_right(store, &rights, &owner)) {
        return "rights are not a letter of n, r, w, b and a domain's number, one after the other";
    }
    for (; *rights != '\0'; count++) {
        if (count == STORE_PERMS || !read_right(store, &rights, &listed[count])) {
            return "rights of too many domains, or not a letter of n, r, w, b and a domain's number each";
        }
    }
    if (!store_is_sound(path)) {
        return "no absolute path of a XenStore";
    }
    if (strlen(value) > STORE_VALUE) {
        return "a value that is too long";
    }
    struct store_node *node = store_make(store, owner.domain, path);
    if (node == NULL || store_owner(store, node) != owner.domain) {
        return node == NULL ? "more nodes than their owner has, or a name that is too long" : "a path that has another owner";
    }
    node->others = owner.rights;
    node->right_count = count;
    memcpy(node->rights, listed, count * sizeof(listed[0]));
    memcpy(node->value, value, strlen(value));
    node->value_size = (uint16_t)strlen(value);
    store_touch(store, node);
    if (fire) {
        store_fire(store, store_readers(store, node), path, false);
    }
    return NULL;
}

bool store_next_entry(const char **at, const char *end, struct store_entry *entry)
{
    entry->rights = next(at, end);
    entry->path = entry->rights == NULL ? NULL : next(at, end);
    entry->value = entry->path == NULL ? NULL : next(at, end);
    return entry->rights != NULL;
}

const char *store_seed(struct store *store, const uint8_t *entries, uint32_t size, uint32_t *which)
{
    const char *at = (const char *)entries, *end = at + size;
    struct store_entry entry;

    for (*which = 1; store_next_entry(&at, end, &entry); (*which)++) {
        const char *wrong =
            entry.value == NULL ? "not rights, path and value each" : store_make_entry(store, &entry, true);
        if (wrong != NULL) {
            return wrong;
        }
    }
    return NULL;
}
