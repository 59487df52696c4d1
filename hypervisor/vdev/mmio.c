/* SPDX-License-Identifier: Apache-2.0 */
/* The table of a domain's devices, sorted by address. It does not change once the domain runs, so it is
 * read without a lock. */
#include <stddef.h>
#include <stdint.h>

#include <xi/domain.h>
#include <xi/mmio.h>
#include <xi/vcpu.h>

xi_err mmio_map_add(struct mmio_map *map, ipa_t base, uint64_t size, const struct mmio_ops *ops, void *device)
{
    uint32_t at = 0;

    if (size == 0 || size > UINT64_MAX - base.ipa) {
        return XI_ERR_RANGE;
    }
    while (at < map->count && map->regions[at].base.ipa < base.ipa) {
        at++;
    }
    if (at > 0 && base.ipa - map->regions[at - 1].base.ipa < map->regions[at - 1].size) {
        return XI_ERR_RANGE;
    }
    if (at < map->count && map->regions[at].base.ipa - base.ipa < size) {
        return XI_ERR_RANGE;
    }
    if (map->count == MMIO_MAX_REGIONS) {
        return XI_ERR_NO_SPACE;
    }
    for (uint32_t i = map->count; i > at; i--) {
        map->regions[i] = map->regions[i - 1];
    }
    map->regions[at] = (struct mmio_region){.base = base, .size = size, .ops = ops, .device = device};
    map->count++;
    return XI_OK;
}

static const struct mmio_region *find(const struct mmio_map *map, ipa_t ipa, uint32_t size)
{
    for (uint32_t i = 0; i < map->count; i++) {
        const struct mmio_region *r = &map->regions[i];
        if (ipa.ipa >= r->base.ipa && size <= r->size && ipa.ipa - r->base.ipa <= r->size - size) {
            return r;
        }
    }
    return NULL;
}

static uint64_t low_bytes(uint64_t value, uint32_t size)
{
    return size == 8 ? value : value & ((1ULL << (8 * size)) - 1);
}

bool mmio_dispatch(struct vcpu *vcpu, struct mmio_access *access)
{
    uint32_t size = access->size;

    if ((size != 1 && size != 2 && size != 4 && size != 8) || access->ipa.ipa % size != 0) {
        return false;
    }
    const struct mmio_region *r = find(&vcpu->domain->mmio, access->ipa, size);
    if (r == NULL) {
        return false;
    }
    uint64_t offset = access->ipa.ipa - r->base.ipa;
    if (access->write) {
        r->ops->write(vcpu, r->device, offset, size, low_bytes(access->value, size));
    } else {
        access->value = low_bytes(r->ops->read(vcpu, r->device, offset, size), size);
    }
    return true;
}
