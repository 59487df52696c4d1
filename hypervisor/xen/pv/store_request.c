/* SPDX-License-Identifier: Apache-2.0 */
/* Messages: what is asked, and the answer. Payloads are the guest's: strings end inside of them, or it is an error. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/print.h>
#include <xi/string.h>

#include "store.h"

/* A request, and the payload of its answer. */
struct request {
    struct store *store;
    struct store_client *client;
    uint32_t domain;
    struct store_transaction *transaction;
    const uint8_t *payload; /* what is left of it to read */
    uint32_t left;
    uint8_t *answer; /* STORE_PAYLOAD bytes */
    uint32_t size;
};

void store_put_header(struct store_client *client, uint32_t type, uint32_t request, uint32_t transaction, uint32_t size)
{
    client->out.header = (struct store_header){type, request, transaction, size};
    client->out_size = (uint32_t)sizeof(struct store_header) + size;
    client->out_done = 0;
}

/* The next string of the payload; NULL: there is none. */
static const char *next_string(struct request *r)
{
    const uint8_t *end = r->left == 0 ? NULL : memchr(r->payload, '\0', r->left);
    const char *text = (const char *)r->payload;

    if (end == NULL) {
        return NULL;
    }
    r->left -= (uint32_t)(end + 1 - r->payload);
    r->payload = end + 1;
    return text;
}

static bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '@';
}

/* xenstore.txt: no empty names, no slash at the end but the root's. */
bool store_is_sound(const char *path)
{
    if (strcmp(path, "/") == 0) {
        return true;
    }
    for (const char *c = path; *c != '\0'; c++) {
        bool slash = *c == '/' && c[1] != '/' && c[1] != '\0';
        if (!slash && !is_name_character(*c)) {
            return false;
        }
    }
    return path[0] == '/' && strnlen(path, STORE_PATH) < STORE_PATH;
}

/* The next string as an absolute path. */
static bool next_path(struct request *r, char path[STORE_PATH], bool *relative)
{
    const char *text = next_string(r);
    size_t length;

    if (text == NULL || text[0] == '\0') {
        return false;
    }
    *relative = text[0] != '/';
    length = *relative ? xi_snprintf(path, STORE_PATH, STORE_HOME "%u/%s", r->domain, text)
                       : xi_snprintf(path, STORE_PATH, "%s", text);
    return length < STORE_PATH && store_is_sound(path);
}

static enum store_error ok(struct request *r)
{
    memcpy(r->answer, "OK", 3);
    r->size = 3;
    return STORE_OK;
}

static enum store_error done(struct request *r, enum store_error error)
{
    return error == STORE_OK ? ok(r) : error;
}

static enum store_error put_rights(struct request *r, const struct store_node *node)
{
    static const char letters[] = {'n', 'r', 'w', 'b'};

    r->size = (uint32_t)xi_snprintf((char *)r->answer, STORE_PAYLOAD, "%c%u", letters[node->others],
                                    store_owner(r->store, node)) + 1;
    for (uint32_t i = 0; i < node->right_count; i++) {
        r->size += (uint32_t)xi_snprintf((char *)r->answer + r->size, STORE_PAYLOAD - r->size, "%c%u",
                                         letters[node->rights[i].rights], node->rights[i].domain) + 1;
    }
    return STORE_OK;
}

static bool next_right(struct request *r, struct store_right *right)
{
    static const char letters[] = "nrwb";
    const char *text = next_string(r);
    uint32_t number = 0, rights = 0;

    while (text != NULL && rights < 4 && letters[rights] != text[0]) {
        rights++;
    }
    if (text == NULL || rights == 4 || text[1] == '\0') {
        return false;
    }
    for (const char *c = text + 1; *c != '\0'; c++) {
        if (*c < '0' || *c > '9' || number > UINT8_MAX) {
            return false;
        }
        number = number * 10 + (uint32_t)(*c - '0');
    }
    *right = (struct store_right){(uint8_t)number, (uint8_t)rights};
    return number <= r->store->domain_count;
}

/* The owner may say who else; who owns it stays. */
static enum store_error set_rights(struct request *r, const char *path)
{
    struct store_node *node = store_find(r->store, path);
    struct store_right owner, rights[STORE_PERMS];
    uint32_t count = 0;

    if (r->transaction != NULL) {
        return STORE_ENOSYS;
    }
    if (node == NULL) {
        return STORE_ENOENT;
    }
    if (store_owner(r->store, node) != r->domain) {
        return STORE_EACCES;
    }
    if (!next_right(r, &owner) || owner.domain != r->domain) {
        return STORE_EINVAL;
    }
    for (; r->left != 0; count++) {
        if (count == STORE_PERMS) {
            return STORE_E2BIG;
        }
        if (!next_right(r, &rights[count])) {
            return STORE_EINVAL;
        }
    }
    const uint64_t before = store_readers(r->store, node);
    node->others = owner.rights;
    node->right_count = (uint8_t)count;
    memcpy(node->rights, rights, count * sizeof(rights[0]));
    store_touch(r->store, node);
    store_fire(r->store, before | store_readers(r->store, node), path, false);
    return ok(r);
}

static enum store_error on_path(struct request *r, uint32_t type)
{
    const uint8_t *value;
    bool relative;
    char path[STORE_PATH];
    enum store_error error;

    if (!next_path(r, path, &relative)) {
        return STORE_EINVAL;
    }
    if (type != XS_WRITE && type != XS_SET_PERMS && r->left != 0) {
        return STORE_EINVAL;
    }
    switch (type) {
    case XS_READ:
        error = store_read(r->store, r->domain, r->transaction, path, &value, &r->size);
        if (error == STORE_OK) {
            memcpy(r->answer, value, r->size);
        }
        return error;
    case XS_DIRECTORY:
        return store_list(r->store, r->domain, r->transaction, path, r->answer, STORE_PAYLOAD, &r->size);
    case XS_WRITE:
        return done(r, store_write(r->store, r->domain, r->transaction, path, r->payload, r->left));
    case XS_MKDIR:
        return done(r, store_mkdir(r->store, r->domain, r->transaction, path));
    case XS_RM:
        return done(r, store_rm(r->store, r->domain, r->transaction, path));
    case XS_SET_PERMS:
        return set_rights(r, path);
    default:
        error = store_read(r->store, r->domain, r->transaction, path, &value, &r->size);
        const struct store_node *node = store_find(r->store, path);
        return error == STORE_OK && node == NULL ? STORE_ENOENT : error == STORE_OK ? put_rights(r, node) : error;
    }
}

static enum store_error on_watch(struct request *r, bool add)
{
    char path[STORE_PATH];
    bool relative;
    const char *token;

    if (!next_path(r, path, &relative) || (token = next_string(r)) == NULL || (add && r->left != 0)) {
        return STORE_EINVAL;
    }
    if (strlen(token) >= STORE_TOKEN) {
        return STORE_E2BIG;
    }
    return done(r, add ? store_add_watch(r->client, path, relative, token) : store_remove_watch(r->client, path, token));
}

static enum store_error end_transaction(struct request *r)
{
    const char *how = next_string(r);

    if (how == NULL || r->transaction == NULL || (strcmp(how, "T") != 0 && strcmp(how, "F") != 0)) {
        return STORE_EINVAL;
    }
    return done(r, store_end(r->store, r->domain, r->transaction, how[0] == 'T'));
}

static enum store_error begin_transaction(struct request *r)
{
    uint32_t id;
    enum store_error error = r->transaction != NULL ? STORE_EINVAL : store_begin(r->client, &id);

    if (error == STORE_OK) {
        r->size = (uint32_t)xi_snprintf((char *)r->answer, STORE_PAYLOAD, "%u", id) + 1;
    }
    return error;
}

static enum store_error on_domain(struct request *r, uint32_t type)
{
    const char *text = next_string(r);
    uint32_t number = 0;

    for (const char *c = text; c != NULL && *c != '\0'; c++) {
        if (*c < '0' || *c > '9' || number > UINT16_MAX) {
            return STORE_EINVAL;
        }
        number = number * 10 + (uint32_t)(*c - '0');
    }
    if (text == NULL || text[0] == '\0') {
        return STORE_EINVAL;
    }
    const char *format = type == XS_GET_DOMAIN_PATH                             ? STORE_HOME "%u"
                         : number != 0 && number <= r->store->domain_count ? "T"
                                                                                : "F";
    r->size = (uint32_t)xi_snprintf((char *)r->answer, STORE_PAYLOAD, format, number) + 1;
    return STORE_OK;
}

static void forget(struct store_client *client)
{
    for (uint32_t i = 0; i < STORE_WATCHES; i++) {
        client->watches[i].used = false;
        client->watches[i].pending = 0;
    }
    for (uint32_t i = 0; i < STORE_TRANSACTIONS; i++) {
        client->transactions[i].id = 0;
    }
}

void store_reset_client(struct store *store, uint32_t domain)
{
    struct store_client *client = store->clients[domain];

    forget(client);
    client->ended = NULL;
    client->told = false;
    client->dead = false;
    client->heed = STORE_TOLD;
    client->told_until = 0;
    client->request_taken = 0;
    client->response_put = 0;
    client->in_size = 0;
    client->out_size = 0;
    client->out_done = 0;
}

static enum store_error dispatch(struct request *r, uint32_t type)
{
    switch (type) {
    case XS_DIRECTORY:
    case XS_READ:
    case XS_GET_PERMS:
    case XS_WRITE:
    case XS_MKDIR:
    case XS_RM:
    case XS_SET_PERMS:
        return on_path(r, type);
    case XS_WATCH:
    case XS_UNWATCH:
        return on_watch(r, type == XS_WATCH);
    case XS_TRANSACTION_START:
        return begin_transaction(r);
    case XS_TRANSACTION_END:
        return end_transaction(r);
    case XS_GET_DOMAIN_PATH:
    case XS_IS_DOMAIN_INTRODUCED:
        return on_domain(r, type);
    case XS_RESET_WATCHES:
        forget(r->client);
        return ok(r);
    case XS_INTRODUCE:
    case XS_RELEASE:
    case XS_RESUME:
    case XS_SET_TARGET:
        return STORE_EACCES; /* for a toolstack */
    default:
        return STORE_ENOSYS;
    }
}

static bool has_transaction(uint32_t type)
{
    return type != XS_WATCH && type != XS_UNWATCH && type != XS_RESET_WATCHES && type != XS_GET_DOMAIN_PATH &&
           type != XS_IS_DOMAIN_INTRODUCED;
}

void store_answer(struct store *store, uint32_t domain)
{
    static const char *const names[] = {
        [STORE_EINVAL] = "EINVAL", [STORE_EACCES] = "EACCES", [STORE_EEXIST] = "EEXIST", [STORE_ENOENT] = "ENOENT",
        [STORE_ENOSPC] = "ENOSPC", [STORE_ENOSYS] = "ENOSYS", [STORE_EAGAIN] = "EAGAIN", [STORE_E2BIG] = "E2BIG",
    };
    struct store_client *client = store->clients[domain];
    const struct store_header *h = &client->in.header;
    struct request r = {
        .store = store,
        .client = client,
        .domain = domain,
        .transaction = has_transaction(h->type) ? store_transaction(client, h->transaction) : NULL,
        .payload = client->in.bytes + sizeof(*h),
        .left = h->size,
        .answer = client->out.bytes + sizeof(*h),
    };
    enum store_error error = has_transaction(h->type) && h->transaction != 0 && r.transaction == NULL
                                 ? STORE_ENOENT
                                 : dispatch(&r, h->type);
    uint32_t type = h->type;

    if (error != STORE_OK) {
        r.size = (uint32_t)strlen(names[error]) + 1;
        memcpy(r.answer, names[error], r.size);
        type = XS_ERROR;
    }
    store_put_header(client, type, h->request, h->transaction, r.size);
}
