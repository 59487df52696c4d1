/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 as FIPS 180-4 has it, names of section 6.2 included: small rather than fast, because most CPUs have
 * instructions of their own. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/sha256.h>
#include <xi/string.h>

#define LENGTH_BYTES 8u /* at the end of the last block: the message's length in bits */

const uint32_t sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, uint32_t by)
{
    return x >> by | x << (32 - by);
}

static uint32_t word_of_schedule(uint32_t w[16], uint32_t t)
{
    const uint32_t w2 = w[(t + 14) % 16], w15 = w[(t + 1) % 16];

    return w[t % 16] += (rotate(w2, 17) ^ rotate(w2, 19) ^ w2 >> 10) + w[(t + 9) % 16] +
                        (rotate(w15, 7) ^ rotate(w15, 18) ^ w15 >> 3);
}

void sha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count)
{
    for (; count != 0; count--, blocks += SHA256_BLOCK) {
        uint32_t w[16];
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
        uint32_t e = state[4], f = state[5], g = state[6], h = state[7];

        for (uint32_t t = 0; t < 64; t++) {
            const uint32_t word = t < 16 ? (w[t] = xi_read_be32(blocks + 4 * t)) : word_of_schedule(w, t);
            const uint32_t t1 = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) +
                                sha256_constants[t] + word;
            const uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
        }
        state[0] += a, state[1] += b, state[2] += c, state[3] += d;
        state[4] += e, state[5] += f, state[6] += g, state[7] += h;
    }
}

void sha256(const void *bytes, size_t size, uint8_t digest[SHA256_BYTES])
{
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    uint8_t end[2 * SHA256_BLOCK] = {0}; /* what is left of the message, a set bit, its length */
    const size_t left = size % SHA256_BLOCK, blocks = left + 1 + LENGTH_BYTES > SHA256_BLOCK ? 2 : 1;

    arch_sha256_blocks(state, bytes, size / SHA256_BLOCK);
    memcpy(end, (const uint8_t *)bytes + (size - left), left);
    end[left] = 0x80;
    for (uint32_t i = 0; i < LENGTH_BYTES; i++) {
        end[blocks * SHA256_BLOCK - 1 - i] = (uint8_t)((uint64_t)size << 3 >> 8 * i);
    }
    arch_sha256_blocks(state, end, blocks);
    for (uint32_t i = 0; i < SHA256_BYTES; i++) {
        digest[i] = (uint8_t)(state[i / 4] >> 8 * (3 - i % 4));
    }
}
