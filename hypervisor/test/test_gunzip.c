/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacks what gzip packed, and refuses what is damaged. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xi/gunzip.h>

#include "test.h"

#define MAX_BYTES (1u << 20)

static struct gunzip unpacker;
static uint8_t plain[MAX_BYTES], packed[MAX_BYTES + 4096], unpacked[MAX_BYTES];

/* Bytes with some order in them: runs, repeats and noise. */
static void fill(size_t size)
{
    for (size_t at = 0; at < size;) {
        size_t length = test_random(300) + 1;
        uint64_t kind = test_random(3);
        for (size_t i = 0; i < length && at < size; i++, at++) {
            plain[at] = kind == 0 || at < 40000 ? (uint8_t)test_random(256)
                        : kind == 1             ? plain[at - 1]
                                                : plain[at - 30000];
        }
    }
}

/* By the gzip program, with that level; the packed size. */
static size_t pack(size_t size, int level)
{
    char name[] = "/tmp/xi-gunzip-XXXXXX", command[128];
    int file = mkstemp(name);
    FILE *out = fdopen(file, "wb");

    if (out == NULL || fwrite(plain, 1, size, out) != size || fclose(out) != 0) {
        abort();
    }
    (void)snprintf(command, sizeof(command), "gzip -%d -c %s", level, name);
    FILE *in = popen(command, "r");
    size_t length = in == NULL ? 0 : fread(packed, 1, sizeof(packed), in);
    if (in == NULL || pclose(in) != 0) {
        abort();
    }
    (void)remove(name);
    return length;
}

static xi_err unpack(const uint8_t *bytes, size_t size, size_t *length)
{
    const uint8_t *piece;
    size_t part;
    xi_err err = gunzip_open(&unpacker, bytes, size);

    *length = 0;
    while (err == XI_OK && (err = gunzip_next(&unpacker, &piece, &part)) == XI_OK && part != 0) {
        if (part > sizeof(unpacked) - *length) {
            return XI_ERR_NO_SPACE;
        }
        memcpy(unpacked + *length, piece, part);
        *length += part;
    }
    return err;
}

TEST(unpacks_what_gzip_packed_at_each_level)
{
    static const size_t sizes[] = {0, 1, 100, 32768, 65537, 700000, MAX_BYTES};

    for (uint32_t i = 0; i < 7; i++) {
        fill(sizes[i]);
        for (int level = 1; level <= 9; level += 4) {
            size_t length, size = pack(sizes[i], level);
            uint64_t claimed;
            EXPECT(gunzip_is(packed, size) && gunzip_size(packed, size, &claimed) == XI_OK && claimed == sizes[i]);
            EXPECT(unpack(packed, size, &length) == XI_OK && length == sizes[i]);
            EXPECT(memcmp(plain, unpacked, length) == 0);
        }
    }
}

/* In a heap block of that very size: the sanitiser sees a read behind it. */
static xi_err unpack_copy(const uint8_t *bytes, size_t size)
{
    size_t length;
    uint8_t *copy = malloc(size == 0 ? 1 : size);

    memcpy(copy, bytes, size);
    xi_err err = unpack(copy, size, &length);
    free(copy);
    return err;
}

TEST(refuses_every_cut)
{
    fill(3000);
    size_t size = pack(3000, 9);
    for (size_t length = 0; length < size; length++) {
        EXPECT(unpack_copy(packed, length) != XI_OK);
    }
}

TEST(sees_every_changed_byte_behind_the_header)
{
    fill(3000);
    size_t size = pack(3000, 9);
    for (size_t at = 40; at < size; at++) {
        packed[at] ^= (uint8_t)(1 + test_random(255));
        EXPECT(unpack_copy(packed, size) != XI_OK);
        size = pack(3000, 1 + (int)(at % 9));
        at += 97;
    }
}

/* Header fields that nobody needs but gzip may write (RFC 1952, 2.3.1), in front of one stored block "abc". */
static size_t with_fields(uint8_t flags)
{
    static const uint8_t block[] = {1, 3, 0, 0xfc, 0xff, 'a', 'b', 'c', 0xc2, 0x41, 0x24, 0x35, 3, 0, 0, 0};
    const uint8_t header[] = {0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3};
    size_t at = sizeof(header);

    memcpy(packed, header, sizeof(header));
    if ((flags & 4) != 0) {
        memcpy(packed + at, "\x04\0abc", 6);
        at += 6;
    }
    for (uint32_t text = 0; text < 2; text++) {
        if ((flags & (8u << text)) != 0) {
            memcpy(packed + at, "name", 5);
            at += 5;
        }
    }
    at += (flags & 2) != 0 ? 2 : 0;
    memcpy(packed + at, block, sizeof(block));
    return at + sizeof(block);
}

TEST(skips_the_fields_of_the_header)
{
    for (uint8_t flags = 0; flags < 32; flags++) {
        size_t length, size = with_fields(flags);
        EXPECT(unpack(packed, size, &length) == XI_OK && length == 3 && memcmp(unpacked, "abc", 3) == 0);
        for (size_t cut = 0; cut < size; cut++) {
            EXPECT(unpack_copy(packed, cut) != XI_OK);
        }
    }
    EXPECT(unpack_copy(packed, with_fields(32)) == XI_ERR_UNSUPPORTED);
}

TEST(compares_length_and_its_complement_and_the_size_at_the_end)
{
    size_t size = with_fields(0);

    packed[13] ^= 1;
    EXPECT(unpack_copy(packed, size) == XI_ERR_SYNTAX);
    size = with_fields(0);
    packed[size - 1] ^= 1;
    EXPECT(unpack_copy(packed, size) == XI_ERR_CHECKSUM);
    size = with_fields(0);
    packed[size - 5] ^= 1;
    EXPECT(unpack_copy(packed, size) == XI_ERR_CHECKSUM);
}

/* Bits from the lowest on, as deflate packs them. */
static void put_bits(uint8_t *to, uint32_t *at, uint32_t value, uint32_t width)
{
    for (uint32_t i = 0; i < width; i++, (*at)++) {
        to[*at / 8] = (uint8_t)(to[*at / 8] | (value >> i & 1) << *at % 8);
    }
}

/* One dynamic block (RFC 1951, 3.2.7) that holds nothing: literals 1 to 256 have 8 bits each, all else none. */
static size_t empty_block(uint32_t literals, uint32_t distances)
{
    uint32_t at = 80;

    memset(packed, 0, 400);
    memcpy(packed, "\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
    put_bits(packed, &at, 1 | 2 << 1, 3);
    put_bits(packed, &at, literals - 257, 5);
    put_bits(packed, &at, distances - 1, 5);
    put_bits(packed, &at, 5 - 4, 4);
    put_bits(packed, &at, 1 << 9 | 1 << 12, 15); /* for 16, 17, 18, 0 and 8: the last two have one bit each */
    for (uint32_t i = 0; i < literals + distances; i++) {
        put_bits(packed, &at, i >= 1 && i <= 256, 1);
    }
    put_bits(packed, &at, 0xff, 8); /* the end of the block */
    return (at + 7) / 8 + 8;
}

TEST(takes_as_many_codes_as_deflate_has_and_no_more)
{
    EXPECT(unpack_copy(packed, empty_block(257, 1)) == XI_OK);
    EXPECT(unpack_copy(packed, empty_block(286, 30)) == XI_OK);
    EXPECT(unpack_copy(packed, empty_block(287, 30)) == XI_ERR_SYNTAX);
    EXPECT(unpack_copy(packed, empty_block(286, 31)) == XI_ERR_SYNTAX);
}

TEST(survives_noise)
{
    for (uint32_t round = 0; round < 20000; round++) {
        size_t size = 18 + test_random(200);
        for (size_t i = 0; i < size; i++) {
            packed[i] = (uint8_t)test_random(256);
        }
        memcpy(packed, "\x1f\x8b\x08\x00", 4);
        (void)unpack_copy(packed, size);
    }
}
