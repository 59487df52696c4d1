/* SPDX-License-Identifier: Apache-2.0 */
/* Three domains that talk to a XenStore through their rings. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "../xen/pv/store.h"

#define STORE_GUESTS 3u

extern struct store store;
extern struct store_ring rings[STORE_GUESTS + 1]; /* by domain */

/* /local/domain/N for each: the store's own, which N may read; in it `data`, which is N's; 1's `data/shared` may be read
 * by 2. */
void store_begin_test(void);
/* Puts bytes into the domain's ring, and serves it until nothing is done any more; false where there is no room for them. */
bool store_send(uint32_t domain, const void *bytes, uint32_t size);
void store_serve_all(uint32_t domain);
/* The next message for the domain: type, or -1; payload and a NUL behind it in `reply`. */
int store_receive(uint32_t domain);
extern struct store_header reply_header;
extern char reply[STORE_PAYLOAD + 1];
/* A request, and its answer, which is the next message. `text` has `size` bytes. */
int store_ask_bytes(uint32_t domain, uint32_t type, uint32_t transaction, const char *text, uint32_t size);
/* The same with a string and its NUL. */
int store_ask(uint32_t domain, uint32_t type, uint32_t transaction, const char *text);
/* Whether nodes, lists of free ones and parents agree. */
bool store_is_whole(void);
