/* SPDX-License-Identifier: Apache-2.0 */
/* Guest accesses to devices that the hypervisor plays: one small table a domain, sealed before it runs. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/types.h>

struct vcpu;

#define MMIO_MAX_REGIONS 16u

/* One load or store, as the trap's syndrome tells it. */
struct mmio_access {
    ipa_t ipa;
    uint8_t size; /* bytes: 1, 2, 4 or 8 */
    bool write;
    uint64_t value; /* written, or the answer; zero above `size` bytes */
};

/* A device. Offsets count from its region's base; an access lies wholly inside the region and is
 * aligned to its size. What a device does not know reads as zero and ignores writes. */
struct mmio_ops {
    uint64_t (*read)(struct vcpu *vcpu, void *device, uint64_t offset, uint32_t size);
    void (*write)(struct vcpu *vcpu, void *device, uint64_t offset, uint32_t size, uint64_t value);
};

struct mmio_region {
    ipa_t base;
    uint64_t size; /* bytes */
    const struct mmio_ops *ops;
    void *device;
};

struct mmio_map {
    uint32_t count;
    struct mmio_region regions[MMIO_MAX_REGIONS]; /* by base, disjoint */
};

/* Adds a region; before the domain runs. XI_ERR_RANGE when it is empty, wraps, or meets another one;
 * XI_ERR_NO_SPACE when the table is full. */
XI_MUST_CHECK xi_err mmio_map_add(struct mmio_map *map, ipa_t base, uint64_t size, const struct mmio_ops *ops,
                                  void *device);

/* Lets the vCPU's domain's device answer; false when there is none at that address or the access is
 * not aligned: the guest's own abort then. */
bool mmio_dispatch(struct vcpu *vcpu, struct mmio_access *access);
