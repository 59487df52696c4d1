/* SPDX-License-Identifier: Apache-2.0 */
/* The console's multiplexer: many writers, one port. A state machine without hardware: bytes for the port
 * come out of a ring, bytes from the port are given a receiver. The caller locks.
 *
 * The domain that has the input focus writes through, byte by byte. Others, and the core, write whole lines:
 * "(d2 ui) text", "(XI) text". A line that comes while the focus's own is unfinished takes its place: the unfinished
 * one is erased (CR, ESC [ K) and written again below.
 *
 * Who speaks cannot be forged: a line of the focus that begins with "(" gets its prefix after all, and what moves the
 * cursor reaches the port from the focus only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>

#define CONRING_BYTES 16384u /* power of two */
#define CONRING_DOMAINS 64u
#define CONRING_LINE 240u    /* longer lines of a domain without focus are cut into several */
#define CONRING_NAME 48u
#define CONRING_SWITCH 0x01u /* Ctrl-A */
#define CONRING_SWITCH_TIMES 3u

#define CONRING_HYPERVISOR 0u /* as a focus; domains count from 1 */

/* How far a terminal is in reading a domain's escape sequence (ECMA-48). */
enum conring_escape { CONRING_TEXT, CONRING_ESCAPED, CONRING_CONTROL };

struct conring_domain {
    char name[CONRING_NAME];
    char line[CONRING_LINE]; /* unfinished: not shown yet, or, with the focus, to be written again */
    uint32_t length;         /* CONRING_LINE: more than is kept */
    bool returned;           /* the focus's cursor is back at the line's begin */
    enum conring_escape escape;
    uint8_t previous;        /* byte */
    bool gone;               /* has shut down: skipped by the focus */
};

struct conring {
    uint32_t head, tail; /* free running: bytes written, bytes taken */
    uint32_t lost;       /* bytes that found no room */
    uint32_t focus;
    uint32_t switches;   /* Ctrl-A in a row */
    uint32_t domain_count;
    bool mid_line;       /* the port's cursor is not at the line's begin */
    bool blank;          /* no text of the focus stands before the cursor */
    struct conring_domain domains[CONRING_DOMAINS]; /* domain id - 1 */
    uint8_t bytes[CONRING_BYTES];
};

/* What an input byte amounts to: `count` bytes for that domain, or for the hypervisor. */
struct conring_input {
    uint32_t to;
    uint32_t count;
    uint8_t bytes[CONRING_SWITCH_TIMES];
};

void conring_init(struct conring *ring);
/* Adds the next domain, whose id is the number of those before it plus 1. XI_ERR_NO_SPACE. */
XI_MUST_CHECK xi_err conring_add_domain(struct conring *ring, const char *name);

/* One message of the core, without its newline; newlines inside begin further lines. */
void conring_log(struct conring *ring, const char *text);
/* A byte that a domain wrote. */
void conring_guest(struct conring *ring, uint32_t domain, uint8_t byte);
/* The domain stops: shows its unfinished line; a focus on it goes to the next domain that runs. */
void conring_end(struct conring *ring, uint32_t domain);
/* The domain runs again: what its former life left unfinished is not gone on with. */
void conring_begin(struct conring *ring, uint32_t domain);

/* Moves the input, and says so on the console. */
void conring_set_focus(struct conring *ring, uint32_t focus);
/* A byte from the port. Ctrl-A three times in a row moves the focus: hypervisor, first domain, and so on. Fewer
 * are the receiver's, together with the byte after them. */
struct conring_input conring_receive(struct conring *ring, uint8_t byte);

/* The next byte for the port; false when there is none. */
bool conring_take(struct conring *ring, uint8_t *byte);
