/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of machine devices. Every access goes through here, so that none is torn or reordered
 * against another one of the same device. */
#pragma once

#include <stdint.h>

#include <xi/types.h>

typedef struct {
    volatile uint8_t *base; /* NULL: not mapped */
} mmio_t;

/* Maps device registers for the hypervisor; base is NULL when that fails. Boot only. */
mmio_t mmio_map(pa_t start, uint64_t size);

static inline mmio_t mmio_at(mmio_t device, uint64_t offset)
{
    return (mmio_t){device.base + offset};
}

static inline uint32_t mmio_read32(mmio_t device, uint32_t offset)
{
    return *(volatile uint32_t *)(volatile void *)(device.base + offset);
}

static inline void mmio_write32(mmio_t device, uint32_t offset, uint32_t value)
{
    *(volatile uint32_t *)(volatile void *)(device.base + offset) = value;
}

static inline void mmio_write8(mmio_t device, uint32_t offset, uint8_t value)
{
    *(volatile uint8_t *)(device.base + offset) = value;
}

static inline uint64_t mmio_read64(mmio_t device, uint32_t offset)
{
    return *(volatile uint64_t *)(volatile void *)(device.base + offset);
}

static inline void mmio_write64(mmio_t device, uint32_t offset, uint64_t value)
{
    *(volatile uint64_t *)(volatile void *)(device.base + offset) = value;
}
