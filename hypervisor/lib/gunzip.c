/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/gunzip.h>
#include <xi/string.h>

/* RFC 1952, 2.3. */
#define HEADER_SIZE 10u
#define TRAILER_SIZE 8u
enum { FLAG_HCRC = 2, FLAG_EXTRA = 4, FLAG_NAME = 8, FLAG_COMMENT = 16, FLAGS_RESERVED = 0xe0 };

/* RFC 1951, 3.2.3: kinds of blocks; NO_BLOCK: the next one's header comes. */
enum { STORED = 0, FIXED = 1, DYNAMIC = 2, NO_BLOCK = 3 };
#define MAX_BITS 15u
#define LITERALS 288u
#define USABLE_LITERALS 286u
#define DISTANCES 30u
#define END_OF_BLOCK 256u

bool gunzip_is(const uint8_t *bytes, size_t size)
{
    return size >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

xi_err gunzip_size(const uint8_t *bytes, size_t size, uint64_t *unpacked)
{
    if (!gunzip_is(bytes, size)) {
        return XI_ERR_BAD_MAGIC;
    }
    if (size < HEADER_SIZE + TRAILER_SIZE) {
        return XI_ERR_TRUNCATED;
    }
    *unpacked = xi_read_le32(bytes + size - 4);
    return XI_OK;
}

/* CRC-32 (RFC 1952, 8), four bytes a step. */
static uint32_t crc_table[4][256];

static void make_crc_table(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t value = i;
        for (uint32_t bit = 0; bit < 8; bit++) {
            value = (value & 1) != 0 ? value >> 1 ^ 0xedb88320u : value >> 1;
        }
        crc_table[0][i] = value;
    }
    for (uint32_t i = 0; i < 256; i++) {
        for (uint32_t step = 1; step < 4; step++) {
            uint32_t before = crc_table[step - 1][i];
            crc_table[step][i] = before >> 8 ^ crc_table[0][before & 0xff];
        }
    }
}

static uint32_t crc_of(uint32_t crc, const uint8_t *bytes, size_t size)
{
    crc = ~crc;
    for (; size >= 4; size -= 4, bytes += 4) {
        crc ^= xi_read_le32(bytes);
        crc = crc_table[3][crc & 0xff] ^ crc_table[2][crc >> 8 & 0xff] ^ crc_table[1][crc >> 16 & 0xff] ^
              crc_table[0][crc >> 24];
    }
    while (size-- != 0) {
        crc = crc >> 8 ^ crc_table[0][(crc ^ *bytes++) & 0xff];
    }
    return ~crc;
}

/* Behind a string that ends in a zero byte; NULL where it does not end. */
static const uint8_t *behind_string(const uint8_t *at, const uint8_t *end)
{
    const uint8_t *zero = at < end ? memchr(at, 0, (size_t)(end - at)) : NULL;

    return zero == NULL ? NULL : zero + 1;
}

/* The deflate data behind the header's optional fields; NULL where they reach beyond the end. */
static const uint8_t *behind_header(const uint8_t *bytes, const uint8_t *end)
{
    const uint8_t *at = bytes + HEADER_SIZE;
    uint8_t flags = bytes[3];

    if ((flags & FLAG_EXTRA) != 0) {
        if (end - at < 2 || end - at - 2 < (at[0] | at[1] << 8)) {
            return NULL;
        }
        at += 2 + (at[0] | at[1] << 8);
    }
    if ((flags & FLAG_NAME) != 0 && (at = behind_string(at, end)) == NULL) {
        return NULL;
    }
    if ((flags & FLAG_COMMENT) != 0 && (at = behind_string(at, end)) == NULL) {
        return NULL;
    }
    if ((flags & FLAG_HCRC) != 0) {
        return end - at < 2 ? NULL : at + 2;
    }
    return at;
}

xi_err gunzip_open(struct gunzip *gunzip, const uint8_t *bytes, size_t size)
{
    if (!gunzip_is(bytes, size)) {
        return XI_ERR_BAD_MAGIC;
    }
    if (size < HEADER_SIZE + TRAILER_SIZE) {
        return XI_ERR_TRUNCATED;
    }
    if (bytes[2] != 8 || (bytes[3] & FLAGS_RESERVED) != 0) {
        return XI_ERR_UNSUPPORTED;
    }
    const uint8_t *end = bytes + size - TRAILER_SIZE, *data = behind_header(bytes, end);
    if (data == NULL) {
        return XI_ERR_TRUNCATED;
    }
    make_crc_table();
    gunzip->next = data;
    gunzip->end = end;
    gunzip->trailer = end;
    gunzip->bits = 0;
    gunzip->bit_count = 0;
    gunzip->block = NO_BLOCK;
    gunzip->stored_left = 0;
    gunzip->last = false;
    gunzip->filled = 0;
    gunzip->crc = 0;
    gunzip->total = 0;
    return XI_OK;
}

/* At least 56 bits, or all that there are. */
static void refill(struct gunzip *g)
{
    if (g->end - g->next >= 8) {
        g->bits |= xi_read_le64(g->next) << g->bit_count;
        g->next += (63 - g->bit_count) >> 3;
        g->bit_count |= 56;
        return;
    }
    while (g->bit_count <= 56 && g->next != g->end) {
        g->bits |= (uint64_t)*g->next++ << g->bit_count;
        g->bit_count += 8;
    }
}

static void drop(struct gunzip *g, uint32_t count)
{
    g->bits >>= count;
    g->bit_count -= count;
}

static bool take(struct gunzip *g, uint32_t count, uint32_t *value)
{
    if (g->bit_count < count) {
        refill(g);
    }
    if (g->bit_count < count) {
        return false;
    }
    *value = (uint32_t)(g->bits & ((1ull << count) - 1));
    drop(g, count);
    return true;
}

static uint32_t reversed(uint32_t code, uint32_t length)
{
    uint32_t result = 0;

    while (length-- != 0) {
        result = result << 1 | (code & 1);
        code >>= 1;
    }
    return result;
}

/* Canonical codes of these lengths (3.2.2). False where they use more codes than there are, or fewer, but for
 * one single code of length 1 (3.2.7). */
static bool make_code(struct gunzip_code *code, const uint8_t *lengths, uint32_t count)
{
    uint16_t next[MAX_BITS + 2] = {0}, offset[MAX_BITS + 2] = {0};
    uint32_t left = 1;

    memset(code->count, 0, sizeof(code->count));
    memset(code->fast, 0, sizeof(code->fast));
    for (uint32_t i = 0; i < count; i++) {
        code->count[lengths[i]]++;
    }
    uint32_t used = count - code->count[0];
    code->count[0] = 0;
    for (uint32_t length = 1; length <= MAX_BITS; length++) {
        left <<= 1;
        if (code->count[length] > left) {
            return false;
        }
        left -= code->count[length];
        next[length + 1] = (uint16_t)((next[length] + code->count[length]) << 1);
        offset[length + 1] = (uint16_t)(offset[length] + code->count[length]);
    }
    if (left != 0 && (used > 1 || code->count[1] != used)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t length = lengths[i];
        if (length == 0) {
            continue;
        }
        code->symbols[offset[length]++] = (uint16_t)i;
        uint32_t value = next[length]++;
        if (length <= GUNZIP_FAST_BITS) {
            for (uint32_t at = reversed(value, length); at < 1u << GUNZIP_FAST_BITS; at += 1u << length) {
                code->fast[at] = (uint16_t)(i << 4 | length);
            }
        }
    }
    return true;
}

/* The next symbol; false at the end of the data or where there is no such code. */
static bool decode(struct gunzip *g, const struct gunzip_code *code, uint32_t *symbol)
{
    uint32_t entry = code->fast[g->bits & ((1u << GUNZIP_FAST_BITS) - 1)];

    if (entry != 0 && (entry & 15) <= g->bit_count) {
        drop(g, entry & 15);
        *symbol = entry >> 4;
        return true;
    }
    uint32_t value = 0, first = 0, index = 0;
    for (uint32_t length = 1; length <= MAX_BITS && length <= g->bit_count; length++) {
        value |= (uint32_t)(g->bits >> (length - 1)) & 1;
        uint32_t count = code->count[length];
        if (value < first + count) {
            drop(g, length);
            *symbol = code->symbols[index + (value - first)];
            return true;
        }
        index += count;
        first = (first + count) << 1;
        value <<= 1;
    }
    return false;
}

/* Lengths of the fixed codes (3.2.6). */
static void fixed_codes(struct gunzip *g)
{
    uint8_t lengths[LITERALS];

    memset(lengths, 8, 144);
    memset(lengths + 144, 9, 112);
    memset(lengths + 256, 7, 24);
    memset(lengths + 280, 8, 8);
    (void)make_code(&g->literals, lengths, LITERALS);
    memset(lengths, 5, 32);
    (void)make_code(&g->distances, lengths, 32);
}

/* Code lengths, themselves coded (3.2.7): 16 repeats the last, 17 and 18 are runs of zeros. */
static bool read_lengths(struct gunzip *g, uint8_t *lengths, uint32_t count)
{
    for (uint32_t at = 0; at < count;) {
        uint32_t symbol, repeat = 0, value = 0;
        refill(g);
        if (!decode(g, &g->literals, &symbol)) {
            return false;
        }
        if (symbol < 16) {
            lengths[at++] = (uint8_t)symbol;
            continue;
        }
        if (symbol == 16) {
            if (at == 0 || !take(g, 2, &repeat)) {
                return false;
            }
            value = lengths[at - 1];
            repeat += 3;
        } else {
            if (!take(g, symbol == 17 ? 3 : 7, &repeat)) {
                return false;
            }
            repeat += symbol == 17 ? 3 : 11;
        }
        if (repeat > count - at) {
            return false;
        }
        memset(lengths + at, (int)value, repeat);
        at += repeat;
    }
    return true;
}

static bool dynamic_codes(struct gunzip *g)
{
    static const uint8_t order[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    uint8_t lengths[LITERALS + 32] = {0};
    uint32_t literals, distances, count;

    if (!take(g, 5, &literals) || !take(g, 5, &distances) || !take(g, 4, &count)) {
        return false;
    }
    literals += 257;
    distances += 1;
    if (literals > USABLE_LITERALS || distances > DISTANCES) {
        return false;
    }
    for (uint32_t i = 0; i < count + 4; i++) {
        uint32_t length;
        if (!take(g, 3, &length)) {
            return false;
        }
        lengths[order[i]] = (uint8_t)length;
    }
    if (!make_code(&g->literals, lengths, sizeof(order))) {
        return false;
    }
    memset(lengths, 0, sizeof(order));
    return read_lengths(g, lengths, literals + distances) && lengths[END_OF_BLOCK] != 0 &&
           make_code(&g->distances, lengths + literals, distances) && make_code(&g->literals, lengths, literals);
}

static bool begin_stored(struct gunzip *g)
{
    uint32_t length, complement;

    drop(g, g->bit_count & 7);
    if (!take(g, 16, &length) || !take(g, 16, &complement) || length != (complement ^ 0xffff)) {
        return false;
    }
    g->stored_left = length;
    /* Whole bytes that were taken ahead go back. */
    g->next -= g->bit_count >> 3;
    g->bits = 0;
    g->bit_count = 0;
    return true;
}

static bool begin_block(struct gunzip *g)
{
    uint32_t last, kind;

    if (!take(g, 1, &last) || !take(g, 2, &kind)) {
        return false;
    }
    g->last = last != 0;
    g->block = kind;
    switch (kind) {
    case STORED:
        return begin_stored(g);
    case FIXED:
        fixed_codes(g);
        return true;
    case DYNAMIC:
        return dynamic_codes(g);
    default:
        return false;
    }
}

static bool copy_stored(struct gunzip *g, uint32_t limit)
{
    uint32_t size = limit - g->filled < g->stored_left ? limit - g->filled : g->stored_left;

    if ((size_t)(g->end - g->next) < size) {
        return false;
    }
    memcpy(g->buffer + g->filled, g->next, size);
    g->next += size;
    g->filled += size;
    g->stored_left -= size;
    if (g->stored_left == 0) {
        g->block = NO_BLOCK;
    }
    return true;
}

/* Base values and extra bits of lengths (from symbol 257) and distances (3.2.5). */
static const uint16_t length_base[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                       31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint8_t length_extra[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                       2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
static const uint16_t distance_base[] = {1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
                                         193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
static const uint8_t distance_extra[] = {0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                         6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};

static bool copy_match(struct gunzip *g, uint32_t symbol)
{
    uint32_t extra, length, distance;

    if (symbol >= 257 + sizeof(length_extra) || !take(g, length_extra[symbol - 257], &extra)) {
        return false;
    }
    length = length_base[symbol - 257] + extra;
    refill(g);
    if (!decode(g, &g->distances, &symbol) || symbol >= DISTANCES || !take(g, distance_extra[symbol], &extra)) {
        return false;
    }
    distance = distance_base[symbol] + extra;
    if (distance > g->filled) {
        return false;
    }
    uint8_t *to = g->buffer + g->filled;
    if (distance >= length) {
        memcpy(to, to - distance, length);
    } else {
        /* The source grows while it is copied: byte by byte. */
        for (uint32_t i = 0; i < length; i++) {
            to[i] = (to - distance)[i];
        }
    }
    g->filled += length;
    return true;
}

/* Symbols until the block ends or `limit` bytes are there; a match may reach GUNZIP_LONGEST - 1 beyond. */
static bool copy_coded(struct gunzip *g, uint32_t limit)
{
    while (g->filled < limit) {
        uint32_t symbol;
        refill(g);
        if (!decode(g, &g->literals, &symbol)) {
            return false;
        }
        if (symbol < END_OF_BLOCK) {
            g->buffer[g->filled++] = (uint8_t)symbol;
        } else if (symbol == END_OF_BLOCK) {
            g->block = NO_BLOCK;
            return true;
        } else if (!copy_match(g, symbol)) {
            return false;
        }
    }
    return true;
}

static bool fill(struct gunzip *g, uint32_t limit)
{
    while (g->filled < limit) {
        bool good;
        if (g->block == NO_BLOCK) {
            if (g->last) {
                return true;
            }
            good = begin_block(g);
        } else {
            good = g->block == STORED ? copy_stored(g, limit) : copy_coded(g, limit);
        }
        if (!good) {
            return false;
        }
    }
    return true;
}

xi_err gunzip_next(struct gunzip *gunzip, const uint8_t **piece, size_t *size)
{
    /* The last 32 KiB stay in front: matches reach back into them. */
    if (gunzip->filled > GUNZIP_WINDOW) {
        memmove(gunzip->buffer, gunzip->buffer + gunzip->filled - GUNZIP_WINDOW, GUNZIP_WINDOW);
        gunzip->filled = GUNZIP_WINDOW;
    }
    uint32_t start = gunzip->filled;
    if (!fill(gunzip, start + GUNZIP_WINDOW)) {
        return gunzip->next == gunzip->end ? XI_ERR_TRUNCATED : XI_ERR_SYNTAX;
    }
    *piece = gunzip->buffer + start;
    *size = gunzip->filled - start;
    gunzip->crc = crc_of(gunzip->crc, *piece, *size);
    gunzip->total += *size;
    if (*size == 0 && (gunzip->crc != xi_read_le32(gunzip->trailer) ||
                       (uint32_t)gunzip->total != xi_read_le32(gunzip->trailer + 4))) {
        return XI_ERR_CHECKSUM;
    }
    return XI_OK;
}
