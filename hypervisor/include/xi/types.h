/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses that cannot be mistaken for each other. Plain pointers are the hypervisor's own. */
#pragma once

#include <stdint.h>

typedef struct {
    uint64_t pa; /* machine address */
} pa_t;

typedef struct {
    uint64_t ipa; /* guest address */
} ipa_t;

#define XI_PAGE 4096u
#define XI_BLOCK 0x200000u /* 2 MiB: a stage-2 block, the granule of everything that is loaded */

#define XI_KIB(n) ((uint64_t)(n) << 10)
#define XI_MIB(n) ((uint64_t)(n) << 20)
#define XI_GIB(n) ((uint64_t)(n) << 30)
