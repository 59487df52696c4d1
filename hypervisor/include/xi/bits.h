/* SPDX-License-Identifier: Apache-2.0 */
/* Register fields as 64-bit constants, alignment, and big-endian numbers at any address. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define XI_BIT(n) (1ULL << (n))
/* The mask of a field: XI_FIELD(26, 6) is bits 31 to 26. */
#define XI_FIELD(lowest, width) ((~0ULL >> (64 - (width))) << (lowest))

static inline uint64_t xi_field_get(uint64_t mask, uint64_t value)
{
    return (value & mask) / (mask & -mask);
}

static inline uint64_t xi_field_put(uint64_t mask, uint64_t value)
{
    return (value * (mask & -mask)) & mask;
}

/* `to` is a power of two; wraps to 0 above the last multiple. */
static inline uint64_t xi_align_up(uint64_t value, uint64_t to)
{
    return (value + to - 1) & ~(to - 1);
}

static inline uint64_t xi_align_down(uint64_t value, uint64_t to)
{
    return value & ~(to - 1);
}

static inline bool xi_is_aligned(uint64_t value, uint64_t to)
{
    return (value & (to - 1)) == 0;
}

static inline uint32_t xi_read_be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint64_t xi_read_be64(const uint8_t *at)
{
    return (uint64_t)xi_read_be32(at) << 32 | xi_read_be32(at + 4);
}

static inline uint32_t xi_read_le32(const uint8_t *at)
{
    return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

static inline uint64_t xi_read_le64(const uint8_t *at)
{
    return (uint64_t)xi_read_le32(at + 4) << 32 | xi_read_le32(at);
}

static inline void xi_write_be32(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 24);
    at[1] = (uint8_t)(value >> 16);
    at[2] = (uint8_t)(value >> 8);
    at[3] = (uint8_t)value;
}
