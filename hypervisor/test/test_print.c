/* SPDX-License-Identifier: Apache-2.0 */
/* Formatted text against the host's snprintf. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <xi/print.h>

#include "test.h"

#define SAME(...)                                                            \
    do {                                                                     \
        char own[128], host[128];                                            \
        size_t length = xi_snprintf(own, sizeof(own), __VA_ARGS__);          \
        EXPECT((int)length == snprintf(host, sizeof(host), __VA_ARGS__));    \
        EXPECT(strcmp(own, host) == 0);                                      \
    } while (0)

TEST(prints_numbers_as_the_host_does)
{
    static const long long values[] = {0, 1, -1, 9, 10, 255, 4096, INT_MAX, INT_MIN, LLONG_MAX, LLONG_MIN};

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        long long v = values[i];
        SAME("%d|%5d|%-5d|%05d|%.3d|%i", (int)v, (int)v, (int)v, (int)v, (int)v, (int)v);
        SAME("%u|%x|%X|%8x|%08x|%-8x|%.4x", (unsigned)v, (unsigned)v, (unsigned)v, (unsigned)v, (unsigned)v,
             (unsigned)v, (unsigned)v);
        SAME("%ld|%lu|%lx|%lld|%llu|%016llx|%zu|%zx", (long)v, (unsigned long)v, (unsigned long)v, v,
             (unsigned long long)v, (unsigned long long)v, (size_t)v, (size_t)v);
    }
}

TEST(prefixes_hexadecimal_numbers_that_are_not_zero_as_the_host_does)
{
    SAME("%#x|%#10x|%#010x|%#llx", 0x1fu, 0x1fu, 0x1fu, 0x123456789abcULL);
}

TEST(prints_text_as_the_host_does)
{
    SAME("plain, %%, %c%c", 'o', 'k');
    SAME("%s|%8s|%-8s|%.2s|%8.2s|%s", "text", "text", "text", "text", "text", "");
    SAME("%*d|%-*d|%.*s|%*s", 6, 42, 6, 42, 3, "abcdef", 5, "ab");
}

TEST(prints_pointers_as_hexadecimal_numbers)
{
    char own[32];

    EXPECT(xi_snprintf(own, sizeof(own), "%p", (void *)(uintptr_t)0x40200000) == 10);
    EXPECT(strcmp(own, "0x40200000") == 0);
}

TEST(reads_no_further_than_the_precision)
{
    const char unterminated[3] = {'a', 'b', 'c'};
    char own[8];

    EXPECT(xi_snprintf(own, sizeof(own), "%.3s", unterminated) == 3 && strcmp(own, "abc") == 0);
}

TEST(cuts_what_does_not_fit_and_tells_the_whole_length)
{
    char own[8] = "xxxxxxx";

    EXPECT(xi_snprintf(own, 4, "%d", 123456) == 6);
    EXPECT(strcmp(own, "123") == 0 && own[4] == 'x');
    EXPECT(xi_snprintf(own, 1, "abc") == 3 && own[0] == '\0');
    own[0] = 'x';
    EXPECT(xi_snprintf(own, 0, "abc") == 3 && own[0] == 'x');
}
