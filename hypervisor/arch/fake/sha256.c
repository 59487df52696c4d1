/* SPDX-License-Identifier: Apache-2.0 */
#include <xi/arch.h>
#include <xi/sha256.h>

void arch_sha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count)
{
    sha256_blocks(state, blocks, count);
}
