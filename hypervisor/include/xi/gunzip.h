/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacks gzip (RFC 1952) with deflate inside (RFC 1951), piece by piece: the output needs no contiguous
 * memory, and never more of it than the caller takes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>

#define GUNZIP_WINDOW 0x8000u /* bytes that a match may reach back */
#define GUNZIP_LONGEST 258u   /* bytes that one match adds */
#define GUNZIP_FAST_BITS 10u

struct gunzip_code {
    uint16_t fast[1u << GUNZIP_FAST_BITS]; /* symbol << 4 | length; 0: longer than GUNZIP_FAST_BITS */
    uint16_t count[16];                    /* codes of each length */
    uint16_t symbols[288];                 /* in the order of their codes */
};

struct gunzip {
    const uint8_t *next, *end; /* deflate data that is left */
    const uint8_t *trailer;    /* CRC32 and size, 8 bytes */
    uint64_t bits;             /* taken from the input, not used yet; the lowest is the next one */
    uint32_t bit_count;
    uint32_t block;            /* kind of the block that is under way */
    uint32_t stored_left;      /* bytes of a stored block */
    bool last;                 /* no block follows */
    uint32_t filled;           /* bytes in buffer */
    uint32_t crc;
    uint64_t total;            /* bytes given out */
    struct gunzip_code literals, distances;
    uint8_t buffer[2 * GUNZIP_WINDOW + GUNZIP_LONGEST];
};

bool gunzip_is(const uint8_t *bytes, size_t size);
/* The unpacked size that the file claims (modulo 4 GiB). XI_ERR_BAD_MAGIC, XI_ERR_TRUNCATED. */
XI_MUST_CHECK xi_err gunzip_size(const uint8_t *bytes, size_t size, uint64_t *unpacked);
/* XI_ERR_BAD_MAGIC, XI_ERR_TRUNCATED, XI_ERR_UNSUPPORTED. `bytes` must stay. */
XI_MUST_CHECK xi_err gunzip_open(struct gunzip *gunzip, const uint8_t *bytes, size_t size);
/* The next piece, up to about 32 KiB, valid until the next call; *size = 0: all done, checksum and size right.
 * XI_ERR_TRUNCATED, XI_ERR_SYNTAX, XI_ERR_CHECKSUM. */
XI_MUST_CHECK xi_err gunzip_next(struct gunzip *gunzip, const uint8_t **piece, size_t *size);
