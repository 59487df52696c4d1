/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* sha256_blocks by the instructions of FEAT_SHA256, which the CPU must have. Changes v0 to v7 and v16 to v19. */
void sha256_instructions(uint32_t state[8], const uint8_t *blocks, size_t count, const uint32_t constants[64]);
