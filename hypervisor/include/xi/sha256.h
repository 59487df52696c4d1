/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32u
#define SHA256_BLOCK 64u /* bytes */

/* The constants of FIPS 180-4, 4.2.2. */
extern const uint32_t sha256_constants[64];

/* The digest of `size` bytes, with the CPU's instructions where it has them (arch_sha256_blocks). */
void sha256(const void *bytes, size_t size, uint8_t digest[SHA256_BYTES]);
/* Takes `count` whole blocks into the state, on any CPU. */
void sha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count);
