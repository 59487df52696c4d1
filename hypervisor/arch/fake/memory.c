/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <fake/machine.h>
#include <xi/arch.h>

uint64_t fake_flushed_bytes;

static _Alignas(0x200000) uint8_t memory[FAKE_MEMORY_SIZE];

void *arch_pa_to_va(pa_t pa)
{
    if (pa.pa < FAKE_MEMORY_START || pa.pa - FAKE_MEMORY_START >= FAKE_MEMORY_SIZE) {
        abort();
    }
    return memory + (pa.pa - FAKE_MEMORY_START);
}

pa_t arch_va_to_pa(const void *va)
{
    return (pa_t){FAKE_MEMORY_START + (uint64_t)((const uint8_t *)va - memory)};
}

void arch_cache_flush(const void *va, size_t size)
{
    (void)va;
    fake_flushed_bytes += size;
}
