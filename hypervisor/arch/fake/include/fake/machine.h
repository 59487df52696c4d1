/* SPDX-License-Identifier: Apache-2.0 */
/* The host's stand-in for machine memory, and what it saw. */
#pragma once

#include <stdint.h>

#define FAKE_MEMORY_START 0x80000000ull
#define FAKE_MEMORY_SIZE 0x4000000ull /* 64 MiB */

/* Bytes that were cleaned from the caches. */
extern uint64_t fake_flushed_bytes;
/* Stage-2 hooks that were called. */
extern uint64_t fake_publishes, fake_page_flushes, fake_full_flushes;
/* Called at each flush; NULL: nobody. Break-before-make is judged here. */
extern void (*fake_on_flush)(void);
