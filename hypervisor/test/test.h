/* SPDX-License-Identifier: Apache-2.0 */
/* A test is a function that registers itself; EXPECT counts what does not hold and goes on. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

void test_register(const char *name, void (*run)(void));
void test_expect(bool holds, const char *what, const char *file, int line);

/* Pseudo-random numbers below `limit`, the same in every run (xorshift64*). */
uint64_t test_random(uint64_t limit);

/* Basic blocks of vdev/vgic*.c that have run: work that is the same in every run. */
extern uint64_t test_blocks;

#define TEST(name)                                            \
    static void name(void);                                   \
    __attribute__((constructor)) static void add_##name(void) \
    {                                                         \
        test_register(#name, name);                           \
    }                                                         \
    static void name(void)

#define EXPECT(condition) test_expect((condition), #condition, __FILE__, __LINE__)
