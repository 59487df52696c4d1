/* SPDX-License-Identifier: Apache-2.0 */
/* The core's own memory and string functions, under other names, against the host's. */
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define memcpy own_memcpy
#define memmove own_memmove
#define memset own_memset
#define memcmp own_memcmp
#define memchr own_memchr
#define strlen own_strlen
#define strnlen own_strnlen
#define strcmp own_strcmp
#define strncmp own_strncmp
#include "../lib/string.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef memchr
#undef strlen
#undef strnlen
#undef strcmp
#undef strncmp

#define LONGEST 200u /* more than three unrolled rounds */

static uint8_t expected[3 * LONGEST], found[3 * LONGEST];

static void fill_both(void)
{
    for (uint32_t i = 0; i < sizeof(expected); i++) {
        expected[i] = found[i] = (uint8_t)test_random(256);
    }
}

static bool same(void)
{
    return memcmp(expected, found, sizeof(expected)) == 0;
}

TEST(copies_each_length_at_each_alignment_and_nothing_beside)
{
    uint8_t from[2 * LONGEST];

    for (uint32_t i = 0; i < sizeof(from); i++) {
        from[i] = (uint8_t)test_random(256);
    }
    for (uint32_t size = 0; size <= LONGEST; size++) {
        for (uint32_t shift = 0; shift < 64; shift++) {
            fill_both();
            memcpy(expected + LONGEST + shift / 8, from + shift % 8, size);
            EXPECT(own_memcpy(found + LONGEST + shift / 8, from + shift % 8, size) == found + LONGEST + shift / 8);
            EXPECT(same());
        }
    }
}

TEST(moves_between_places_that_overlap)
{
    for (uint32_t size = 0; size <= LONGEST; size++) {
        for (int32_t distance = -80; distance <= 80; distance++) {
            fill_both();
            memmove(expected + LONGEST + distance, expected + LONGEST, size);
            own_memmove(found + LONGEST + distance, found + LONGEST, size);
            EXPECT(same());
        }
    }
}

TEST(sets_each_length_at_each_alignment_and_nothing_beside)
{
    for (uint32_t size = 0; size <= LONGEST; size++) {
        for (uint32_t shift = 0; shift < 8; shift++) {
            fill_both();
            memset(expected + LONGEST + shift, (int)(size + 0x180), size);
            own_memset(found + LONGEST + shift, (int)(size + 0x180), size);
            EXPECT(same());
        }
    }
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

TEST(compares_memory_as_the_host_does)
{
    for (uint32_t round = 0; round < 20000; round++) {
        uint32_t size = (uint32_t)test_random(LONGEST);
        fill_both();
        if (size != 0 && test_random(4) != 0) {
            found[test_random(size)] ^= (uint8_t)(1u << test_random(8));
        }
        EXPECT(sign(own_memcmp(expected, found, size)) == sign(memcmp(expected, found, size)));
    }
}

/* At the end of an allocation: the sanitiser sees a read of one byte too many. */
static char *exact(const char *text, size_t size)
{
    char *copy = malloc(size);

    memcpy(copy, text, size);
    return copy;
}

TEST(compares_strings_as_the_host_does_and_stops_at_their_end)
{
    static const char *const texts[] = {"", "a", "ab", "abc", "b", "ab\xff", "abcdefghijklmnop", "abcdefghijklmnoq"};
    const size_t count = sizeof(texts) / sizeof(texts[0]);

    for (size_t i = 0; i < count * count; i++) {
        char *a = exact(texts[i / count], strlen(texts[i / count]) + 1);
        char *b = exact(texts[i % count], strlen(texts[i % count]) + 1);
        EXPECT(own_strlen(a) == strlen(a));
        EXPECT(sign(own_strcmp(a, b)) == sign(strcmp(a, b)));
        for (size_t limit = 0; limit < 20; limit++) {
            EXPECT(sign(own_strncmp(a, b, limit)) == sign(strncmp(a, b, limit)));
            EXPECT(own_strnlen(a, limit) == strnlen(a, limit));
        }
        free(a);
        free(b);
    }
}

TEST(finds_a_byte_and_reads_no_further_than_it_may)
{
    char *text = exact("xenimg", 6);

    EXPECT(own_memchr(text, 'n', 6) == text + 2);
    EXPECT(own_memchr(text, 'n' | 0x100, 6) == text + 2);
    EXPECT(own_memchr(text, 'g', 5) == NULL);
    EXPECT(own_memchr(text, 'z', 6) == NULL);
    EXPECT(own_strnlen(text, 6) == 6);
    free(text);
}
