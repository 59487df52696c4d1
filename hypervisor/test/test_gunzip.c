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
