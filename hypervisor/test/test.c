/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "test.h"

#define MAX_TESTS 256u

static struct {
    const char *name;
    void (*run)(void);
} tests[MAX_TESTS];
static unsigned count, failures_of_this;
static uint64_t random_state = 0x9e3779b97f4a7c15ull;

uint64_t test_blocks;

/* Called at the begin of each basic block (gcc, clang: -fsanitize-coverage=trace-pc). */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    test_blocks++;
}

void test_register(const char *name, void (*run)(void))
{
    if (count == MAX_TESTS) {
        abort();
    }
    tests[count].name = name;
    tests[count++].run = run;
}

void test_expect(bool holds, const char *what, const char *file, int line)
{
    if (!holds) {
        if (failures_of_this++ < 5) {
            (void)printf("%s:%d: expected %s\n", file, line, what);
        }
    }
}

uint64_t test_random(uint64_t limit)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * 0x2545f4914f6cdd1dull % limit;
}

int main(void)
{
    unsigned failed = 0;

    for (unsigned i = 0; i < count; i++) {
        failures_of_this = 0;
        tests[i].run();
        if (failures_of_this != 0) {
            (void)printf("FAILED %s\n", tests[i].name);
            failed++;
        }
    }
    (void)printf("%u passed, %u failed\n", count - failed, failed);
    return failed == 0 ? 0 : 1;
}
