/* SPDX-License-Identifier: Apache-2.0 */
/* XenStore (docs/misc/xenstore.txt; public/io/xs_wire.h): a tree of keys that domains read, write and watch. Nobody but
 * the configuration introduces domains, and there is no privileged one.
 *
 * Each domain has its own nodes, watches, transactions and buffers, and nothing is allocated: what a domain uses up is its
 * own. Nodes belong to whoever made them, or to the store itself (owner 0). All of it is under the store's lock, which is
 * given back after each step: one message, one change told to who watches, one link, or a few entries. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/spinlock.h>

#define STORE_NODES 256u       /* of an owner */
#define STORE_WATCHES 64u
#define STORE_TRANSACTIONS 8u
#define STORE_TOUCHED 64u      /* nodes that a transaction depends on */
#define STORE_CHANGES 64u      /* of a transaction, */
#define STORE_LOG 4096u        /* and their bytes */
#define STORE_HOME "/local/domain/" /* and a domain's number: where its own nodes are */
#define STORE_PATH 256u        /* bytes with the NUL, absolute */
#define STORE_NAME 64u
#define STORE_VALUE 256u
#define STORE_TOKEN 64u
#define STORE_EVENTS 8u        /* of a watch, that have not been told */
#define STORE_LINKS 256u       /* of the machine */
#define STORE_PERMS 4u         /* domains with rights of their own, besides the owner */
#define STORE_PAYLOAD 4096u
#define STORE_RING 1024u
#define STORE_NONE 0u          /* no node: the root is nobody's child */

enum { STORE_READ = 1, STORE_WRITE = 2 };

/* errno names that go over the wire; 0 is success. */
enum store_error {
    STORE_OK,
    STORE_EINVAL,
    STORE_EACCES,
    STORE_EEXIST,
    STORE_ENOENT,
    STORE_ENOSPC,
    STORE_ENOSYS,
    STORE_EAGAIN,
    STORE_E2BIG,
};

enum store_type {
    XS_DIRECTORY = 1,
    XS_READ = 2,
    XS_GET_PERMS = 3,
    XS_WATCH = 4,
    XS_UNWATCH = 5,
    XS_TRANSACTION_START = 6,
    XS_TRANSACTION_END = 7,
    XS_INTRODUCE = 8,
    XS_RELEASE = 9,
    XS_GET_DOMAIN_PATH = 10,
    XS_WRITE = 11,
    XS_MKDIR = 12,
    XS_RM = 13,
    XS_SET_PERMS = 14,
    XS_WATCH_EVENT = 15,
    XS_ERROR = 16,
    XS_IS_DOMAIN_INTRODUCED = 17,
    XS_RESUME = 18,
    XS_SET_TARGET = 19,
    XS_RESET_WATCHES = 21,
};

struct store_header {
    uint32_t type, request, transaction, size;
};
_Static_assert(sizeof(struct store_header) == 16, "xs_wire.h");

/* The page that store and guest share: the guest writes it at any time. */
struct store_ring {
    uint8_t requests[STORE_RING];
    uint8_t responses[STORE_RING];
    uint32_t request_taken, request_put, response_taken, response_put;
    uint32_t features, connection, error, port;
};
enum { STORE_BAD_INDEX = 2, STORE_BAD_PROTOCOL = 3 }; /* of `error` */

struct store_right {
    uint8_t domain;
    uint8_t rights;
};

/* The node of number n belongs to n / STORE_NODES. */
struct store_node {
    uint16_t parent, child, next; /* `next`: of a free node, the next free one */
    uint16_t value_size;
    bool used;
    uint8_t others;      /* rights of who is not listed */
    uint8_t right_count;
    struct store_right rights[STORE_PERMS];
    uint32_t hash;       /* of the name */
    uint64_t generation; /* changes with value, rights and children */
    char name[STORE_NAME];
    uint8_t value[STORE_VALUE];
};

struct store_watch {
    bool used, relative;
    uint8_t pending; /* of `events`, from the first on, are to be told */
    uint16_t length; /* of `path` */
    char path[STORE_PATH], token[STORE_TOKEN];
    uint32_t hashes[STORE_EVENTS];
    char events[STORE_EVENTS][STORE_PATH];
};

struct store_transaction {
    uint32_t id; /* 0: there is none */
    bool full;   /* more than it holds: it fails in the end */
    uint16_t touched_count, change_count, log_size;
    struct {
        uint16_t node;
        uint64_t generation;
    } touched[STORE_TOUCHED];
    uint64_t readers[STORE_CHANGES]; /* of each change that was made: who is to be told, a bit for each domain */
    uint16_t told, told_at;          /* changes that have been, and where the next one is in the log */
    uint8_t log[STORE_LOG];
};

/* What a domain knows of ends of its links that went. */
enum store_heed {
    STORE_UNTOLD, /* not all of it is in its ring */
    STORE_TOLD,   /* it is, in what comes before `told_until` */
    STORE_ASKED,  /* it has read so far, and asks for something since */
};

/* How far the store is with a domain that has ended. */
enum store_parting {
    STORE_PART_CHANGES, /* others are told of what it still changed, */
    STORE_PART_LINKS,   /* its links are taken away, */
    STORE_PART_HOME,    /* its home is removed */
    STORE_PART_RENEW,   /* and made as the entries say */
};

struct store_client {
    uint16_t free; /* node; STORE_NONE: all are used */
    uint16_t free_count;
    uint32_t last_transaction;
    uint32_t next_watch; /* that is looked at for what to tell */
    bool told;           /* watches may have something to tell */
    bool dead;           /* it broke the protocol */
    struct store_transaction *ended; /* of whose changes not everybody has been told; NULL: none */
    enum store_parting parting;
    uint32_t part_at; /* in links, or in the entries' bytes */
    enum store_heed heed;
    uint32_t told_until; /* as response_put was then */
    uint32_t request_taken, response_put; /* the ring's, as only we know them */
    uint32_t in_size;                     /* bytes of the message that comes in */
    uint32_t out_size, out_done;          /* bytes of the message that goes out; all went: there is none */
    union {
        struct store_header header;
        uint8_t bytes[sizeof(struct store_header) + STORE_PAYLOAD];
    } in, out;
    struct store_watch watches[STORE_WATCHES];
    struct store_transaction transactions[STORE_TRANSACTIONS];
};

struct store_link {
    const char *ends[2]; /* directories, in the entries */
    uint8_t domains[2];
    bool parted;         /* neither end is there */
    bool left[2];        /* its domain is done with its former end */
};

struct store {
    spinlock_t lock;
    uint32_t domain_count;
    uint32_t link_count;
    const char *entries, *entries_end;
    struct store_link links[STORE_LINKS];
    uint64_t generation;
    struct store_node *nodes;      /* (domain_count + 1) * STORE_NODES */
    struct store_client **clients; /* domain_count + 1; that of the store itself has nodes alone */
};

/* Makes an empty store of these parts, all zero. */
void store_init(struct store *store, uint32_t domain_count, struct store_node *nodes, struct store_client **clients);
/* The domain begins anew: nobody's watches, transactions and messages are left, its nodes are. */
void store_reset_client(struct store *store, uint32_t domain);

/* The tree (store_tree.c). Paths are absolute and sound. */

struct store_node *store_find(struct store *store, const char *path);
/* The last node on the way to `path` that is there. */
struct store_node *store_nearest(struct store *store, const char *path);
uint32_t store_owner(const struct store *store, const struct store_node *node);
uint16_t store_number(const struct store *store, const struct store_node *node);
bool store_may(const struct store *store, const struct store_node *node, uint32_t domain, uint8_t rights);
/* How many nodes are missing for `path`. */
uint32_t store_missing(struct store *store, const char *path);
/* Makes what is missing, as `owner`'s, with the rights of what it is made in. NULL: the owner has no node left, or a name
 * is too long. */
struct store_node *store_make(struct store *store, uint32_t owner, const char *path);
/* With all that is below. Not the root. */
void store_remove(struct store *store, struct store_node *node);
void store_touch(struct store *store, struct store_node *node);
/* The length of the name that `path` begins with. */
size_t store_name_length(const char *path);
/* FNV-1a: which names are worth comparing. */
uint32_t store_hash(const char *text, size_t length);
/* `child` is `path`, or below it. */
bool store_is_below(const char *path, const char *child);

/* Watches (store_watch.c). */

enum store_error store_add_watch(struct store_client *client, const char *path, bool relative, const char *token);
enum store_error store_remove_watch(struct store_client *client, const char *path, const char *token);
/* Who may read the node, a bit for each domain. */
uint64_t store_readers(const struct store *store, const struct store_node *node);
/* Those of `readers` that watch it are told of what became of it; `whole`, with all below it: also who watches below. */
void store_fire(struct store *store, uint64_t readers, const char *path, bool whole);
/* The next event into the client's `out`; false where there is none. */
bool store_next_event(struct store *store, uint32_t domain);

/* Changes, in a transaction or at once (store_transaction.c). `transaction` NULL: at once. */

struct store_transaction *store_transaction(struct store_client *client, uint32_t id);
enum store_error store_begin(struct store_client *client, uint32_t *id);
/* The changes are made at once; who watches is told by store_tell_change. */
enum store_error store_end(struct store *store, uint32_t domain, struct store_transaction *t, bool commit);
/* Of one change that the domain's last transaction has made; false: all are told. */
bool store_tell_change(struct store *store, uint32_t domain);
enum store_error store_read(struct store *store, uint32_t domain, struct store_transaction *t, const char *path,
                            const uint8_t **value, uint32_t *size);
/* Names, each with its NUL, into `to`. */
enum store_error store_list(struct store *store, uint32_t domain, struct store_transaction *t, const char *path, uint8_t *to,
                            uint32_t room, uint32_t *size);
enum store_error store_write(struct store *store, uint32_t domain, struct store_transaction *t, const char *path,
                             const uint8_t *value, uint32_t size);
enum store_error store_mkdir(struct store *store, uint32_t domain, struct store_transaction *t, const char *path);
enum store_error store_rm(struct store *store, uint32_t domain, struct store_transaction *t, const char *path);

/* What the configuration says (store_seed.c). The entries end with a NUL. */

struct store_entry {
    const char *rights, *path, *value;
};

/* The entry at *at, which goes on to the next; false: there is none. Without a value where the entries break off. */
bool store_next_entry(const char **at, const char *end, struct store_entry *entry);
/* In whose home the path is, or what home it is; 0: in nobody's. */
uint32_t store_home_of(const struct store *store, const char *path);
/* Makes the entry; what is wrong with it, NULL: nothing. `fire`: who watches is told. */
const char *store_make_entry(struct store *store, const struct store_entry *entry, bool fire);
/* Makes all. What is wrong with one, and which, from 1; NULL: nothing. */
const char *store_seed(struct store *store, const uint8_t *entries, uint32_t size, uint32_t *which);

/* Links, two directories each that are the ends of a device (store_link.c). */

/* Finds the links in the entries, which stay where they are; false: there are more than STORE_LINKS. */
bool store_find_links(struct store *store, const uint8_t *entries, uint32_t size);
/* The domain is gone: so are its watches and transactions, and both ends of each of its links go. `renew`, for one that begins
 * again: its home is as the entries say, but for ends of links that are parted. A piece of that: one link, or a few entries;
 * false: it was the last. */
bool store_part(struct store *store, uint32_t domain, bool renew);
/* The domain asks for something, or ends a transaction: which of its links that are parted it is done with. Before it is
 * answered. */
void store_note_left(struct store *store, uint32_t domain);
/* Makes both ends of one link that is parted, and both domains are done with; false: there is none. */
bool store_join(struct store *store);

/* Messages (store_request.c): the one in `in` is answered in `out`. */
void store_answer(struct store *store, uint32_t domain);
/* An absolute path as XenStore allows them (xenstore.txt). */
bool store_is_sound(const char *path);
/* Of a client, `size` bytes of payload are in `out` already. */
void store_put_header(struct store_client *client, uint32_t type, uint32_t request, uint32_t transaction, uint32_t size);

/* The ring (store_ring.c): a piece of work, one message at most. True where something was done: the guest is to be told,
 * and there may be more. `answer`: requests are taken, too, not only events given. */
bool store_serve(struct store *store, uint32_t domain, struct store_ring *ring, bool answer);
