/* SPDX-License-Identifier: Apache-2.0 */
/* Word by word: kernels of tens of megabytes go through here. An arm64 CPU with the MMU on loads and stores
 * words at any address of normal memory.
 *
 * KEEP stops the compiler from recognising a loop as the very function that it implements. */
#include <stddef.h>
#include <stdint.h>

#include <xi/string.h>

#define KEEP() __asm__ volatile("" : : : "memory")

typedef uint64_t __attribute__((may_alias, aligned(1))) word_t;

#define WORD sizeof(word_t)
#define UNROLLED (8 * WORD)

static void copy_up(uint8_t *to, const uint8_t *from, size_t size)
{
    for (; size >= UNROLLED; size -= UNROLLED, to += UNROLLED, from += UNROLLED) {
        const word_t *in = (const word_t *)from;
        word_t *out = (word_t *)to;
        /* All loads before the stores: they pair up, and overlap does no harm. */
        word_t a = in[0], b = in[1], c = in[2], d = in[3], e = in[4], f = in[5], g = in[6], h = in[7];
        out[0] = a;
        out[1] = b;
        out[2] = c;
        out[3] = d;
        out[4] = e;
        out[5] = f;
        out[6] = g;
        out[7] = h;
        KEEP();
    }
    for (; size >= WORD; size -= WORD, to += WORD, from += WORD) {
        *(word_t *)to = *(const word_t *)from;
        KEEP();
    }
    for (; size > 0; size--) {
        *to++ = *from++;
        KEEP();
    }
}

static void copy_down(uint8_t *to, const uint8_t *from, size_t size)
{
    to += size;
    from += size;
    for (; size >= WORD; size -= WORD) {
        to -= WORD;
        from -= WORD;
        *(word_t *)to = *(const word_t *)from;
        KEEP();
    }
    for (; size > 0; size--) {
        *--to = *--from;
        KEEP();
    }
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    copy_up(to, from, size);
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    if ((uintptr_t)to - (uintptr_t)from >= size) {
        copy_up(to, from, size);
    } else {
        copy_down(to, from, size);
    }
    return to;
}

void *memset(void *to, int byte, size_t size)
{
    uint8_t *out = to;
    uint64_t word = (uint8_t)byte * 0x0101010101010101ULL;

    for (; size >= UNROLLED; size -= UNROLLED, out += UNROLLED) {
        word_t *at = (word_t *)out;
        at[0] = word;
        at[1] = word;
        at[2] = word;
        at[3] = word;
        at[4] = word;
        at[5] = word;
        at[6] = word;
        at[7] = word;
        KEEP();
    }
    for (; size > 0; size--) {
        *out++ = (uint8_t)byte;
        KEEP();
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const uint8_t *x = a, *y = b;

    for (; size >= WORD && *(const word_t *)x == *(const word_t *)y; size -= WORD, x += WORD, y += WORD) {
        KEEP();
    }
    for (; size > 0; size--, x++, y++) {
        if (*x != *y) {
            return *x < *y ? -1 : 1;
        }
        KEEP();
    }
    return 0;
}

void *memchr(const void *in, int byte, size_t size)
{
    for (const uint8_t *at = in; size > 0; size--, at++) {
        if (*at == (uint8_t)byte) {
            return (void *)(uintptr_t)at; /* ISO C's own signature drops the const */
        }
    }
    return NULL;
}

size_t strlen(const char *s)
{
    size_t length = 0;

    while (s[length] != 0) {
        length++;
        KEEP();
    }
    return length;
}

size_t strnlen(const char *s, size_t limit)
{
    const char *end = memchr(s, 0, limit);

    return end == NULL ? limit : (size_t)(end - s);
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t limit)
{
    for (; limit > 0; limit--, a++, b++) {
        if (*a != *b) {
            return (uint8_t)*a < (uint8_t)*b ? -1 : 1;
        }
        if (*a == 0) {
            return 0;
        }
        KEEP();
    }
    return 0;
}
