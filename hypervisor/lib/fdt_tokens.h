/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of the structure block (Devicetree Specification 0.4, 5.4), for the files that read it. */
#pragma once

#include <stdint.h>

#include <xi/bits.h>
#include <xi/fdt.h>
#include <xi/string.h>

enum { BEGIN_NODE = 1, END_NODE = 2, PROP = 3, NOP = 4, END = 9 };
#define PROP_HEADER 8u /* length, name offset */

static inline uint32_t word(const struct fdt *fdt, uint32_t at)
{
    return xi_read_be32(fdt->blob + at);
}

static inline uint32_t padded(uint32_t size)
{
    return (size + 3) & ~3u;
}

/* Offset behind the token at `at`; fdt_open has checked that it is inside. */
static inline uint32_t skip(const struct fdt *fdt, uint32_t at)
{
    switch (word(fdt, at)) {
    case BEGIN_NODE:
        return at + 4 + padded((uint32_t)strlen((const char *)fdt->blob + at + 4) + 1);
    case PROP:
        return at + 4 + PROP_HEADER + padded(word(fdt, at + 4));
    default:
        return at + 4;
    }
}
