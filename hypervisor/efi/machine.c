/* SPDX-License-Identifier: Apache-2.0 */
#include "machine.h"

unsigned machine_exception_level(void)
{
    uint64_t level;

    __asm__ volatile("mrs %0, CurrentEL" : "=r"(level));
    return (unsigned)(level >> 2) & 3;
}

void machine_mask(void)
{
    __asm__ volatile("msr daifset, #0xf" : : : "memory");
}

void machine_flush(uint64_t start, uint64_t size)
{
    uint64_t type;

    __asm__("mrs %0, ctr_el0" : "=r"(type));
    uint64_t line = 4ULL << ((type >> 16) & 15); /* DminLine: log2 of words */
    for (uint64_t at = start & ~(line - 1); at < start + size; at += line) {
        __asm__ volatile("dc civac, %0" : : "r"(at) : "memory");
    }
    __asm__ volatile("dsb sy" : : : "memory"); /* the lines are in memory before anybody reads past the cache */
}
