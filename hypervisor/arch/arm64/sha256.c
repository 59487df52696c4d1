/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/sha256.h>

#include <arch/sha256.h>
#include <arch/sysreg.h>

#define ID_AA64ISAR0_SHA2 XI_FIELD(12, 4) /* 0: no instructions for SHA-256 */

void arch_sha256_blocks(uint32_t state[8], const uint8_t *blocks, size_t count)
{
    if (xi_field_get(ID_AA64ISAR0_SHA2, sysreg_read(id_aa64isar0_el1)) != 0) {
        sha256_instructions(state, blocks, count, sha256_constants);
    } else {
        sha256_blocks(state, blocks, count);
    }
}
