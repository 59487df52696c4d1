/* SPDX-License-Identifier: Apache-2.0 */
/* Digests what FIPS 180-4's examples and the sha256sum program digest, to the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/sha256.h>

#include "test.h"

#define MAX_BYTES 1000000u

static uint8_t message[MAX_BYTES];
static bool counts_only; /* nothing is digested */
static size_t blocks_seen;
static uint8_t last_block[SHA256_BLOCK];

/* In place of the fake machine's. */
void arch_sha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count)
{
    if (!counts_only) {
        sha256_blocks(state, blocks, count);
        return;
    }
    blocks_seen += count;
    memcpy(last_block, blocks + (count - 1) * SHA256_BLOCK, SHA256_BLOCK);
}

/* In hexadecimal. The message stands in a heap block of its very size: the sanitiser sees a read behind it. */
static const char *digest_of(const void *bytes, size_t size)
{
    static char text[2 * SHA256_BYTES + 1];
    uint8_t digest[SHA256_BYTES];
    uint8_t *copy = malloc(size == 0 ? 1 : size);

    memcpy(copy, bytes, size);
    sha256(copy, size, digest);
    free(copy);
    for (uint32_t i = 0; i < SHA256_BYTES; i++) {
        (void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
    }
    return text;
}

/* NIST's examples for SHA-256, and two lengths of CAVS' SHA256ShortMsg. */
TEST(digests_the_standards_examples)
{
    static const struct {
        const char *text, *digest;
    } examples[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };

    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        EXPECT(strcmp(digest_of(examples[i].text, strlen(examples[i].text)), examples[i].digest) == 0);
    }
    memset(message, 'a', MAX_BYTES);
    EXPECT(strcmp(digest_of(message, MAX_BYTES), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0") == 0);
}

/* By the sha256sum program, in hexadecimal. */
static const char *digest_by_program(size_t size)
{
    static char text[2 * SHA256_BYTES + 1];
    char name[] = "/tmp/xi-sha256-XXXXXX", command[64];
    int file = mkstemp(name);
    FILE *out = fdopen(file, "wb");

    if (out == NULL || fwrite(message, 1, size, out) != size || fclose(out) != 0) {
        abort();
    }
    (void)snprintf(command, sizeof(command), "sha256sum < %s", name);
    FILE *in = popen(command, "r");
    if (in == NULL || fread(text, 1, sizeof(text) - 1, in) != sizeof(text) - 1 || pclose(in) != 0) {
        abort();
    }
    (void)remove(name);
    return text;
}

/* Each length around the ends of blocks, and some at random. */
TEST(digests_random_messages_as_sha256sum_does)
{
    for (uint32_t i = 0; i < 150; i++) {
        size_t size = i < 130 ? i : test_random(MAX_BYTES);
        for (size_t at = 0; at < size; at++) {
            message[at] = (uint8_t)test_random(256);
        }
        EXPECT(strcmp(digest_of(message, size), digest_by_program(size)) == 0);
    }
}

/* A module of more than 4 GiB, of which only the last page is ever touched. FIPS 180-4, 5.1.1: the length in bits. */
TEST(counts_messages_of_more_than_4_gib_in_bits)
{
    const size_t size = (1ull << 32) + 64 + 3;
    uint8_t digest[SHA256_BYTES];
    uint8_t *huge = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    EXPECT(huge != MAP_FAILED);
    counts_only = true;
    sha256(huge, size, digest);
    counts_only = false;
    EXPECT(blocks_seen == size / SHA256_BLOCK + 1);
    EXPECT(last_block[2] == 0 && last_block[3] == 0x80 && xi_read_be64(last_block + SHA256_BLOCK - 8) == size * 8);
    (void)munmap(huge, size);
}
