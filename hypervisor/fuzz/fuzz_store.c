/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what three domains put into their XenStore rings, two of which have a link: the store stays whole, and answers
 * the last of them. Of each piece, the first byte says whose it is and what is done (2 bits each), the second how long it
 * is. */
#include <stdlib.h>
#include <string.h>

#include "store_guest.h"

enum { SEND, ASK, RAW, TAKE };

#define RESTART 0xff /* TAKE of a piece that begins so: the domain ends and begins again */

static const char entries[] = "n1r2\0/local/domain/1/b/frontend\0/local/domain/2/f\0n1r2\0/local/domain/1/b/state\0" "1\0"
                              "n2r1\0/local/domain/2/f/backend\0/local/domain/1/b\0n2r1\0/local/domain/2/f/state\0" "1";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void begin(void)
{
    uint32_t which;

    store_begin_test();
    if (store_seed(&store, (const uint8_t *)entries, sizeof(entries), &which) != NULL ||
        !store_find_links(&store, (const uint8_t *)entries, sizeof(entries)) || store.link_count != 1) {
        abort();
    }
}

static void restart(uint32_t domain)
{
    while (store_part(&store, domain, true)) {
    }
    if (!store.links[0].parted || store_find(&store, store.links[0].ends[0]) != NULL) {
        abort();
    }
    store_reset_client(&store, domain);
    memset(&rings[domain], 0, sizeof(rings[domain]));
}

/* A request with a header that fits; of the piece, the first byte is its type, the second its transaction. */
static void ask(uint32_t domain, const uint8_t *piece, uint32_t size)
{
    if (size >= 2) {
        const struct store_header h = {piece[0], 1, piece[1], size - 2};
        (void)store_send(domain, &h, sizeof(h));
        (void)store_send(domain, piece + 2, size - 2);
        rings[domain].response_taken = rings[domain].response_put;
        store_serve_all(domain);
    }
}

/* What a guest may do to the page itself. */
static void write_raw(uint32_t domain, const uint8_t *piece, uint32_t size)
{
    memcpy((uint8_t *)&rings[domain] + 2 * STORE_RING, piece, size < 32 ? size : 32);
    store_serve_all(domain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    begin();
    while (size >= 2) {
        uint32_t domain = 1 + data[0] % 2, what = data[0] >> 2 & 3, length = data[1];
        data += 2;
        size -= 2;
        length = length < size ? length : (uint32_t)size;
        if (what == ASK) {
            ask(domain, data, length);
        } else if (what == SEND) {
            (void)store_send(domain, data, length);
        } else if (what == RAW) {
            write_raw(domain, data, length);
        } else if (length != 0 && data[0] == RESTART) {
            restart(domain);
        } else {
            (void)store_join(&store);
            rings[domain].response_taken = rings[domain].response_put;
            store_serve_all(domain);
        }
        data += length;
        size -= length;
    }
    while (store_receive(3) >= 0) {
    }
    if (!store_is_whole() || store_ask(3, XS_READ, 0, "data") != XS_READ) {
        abort();
    }
    return 0;
}
