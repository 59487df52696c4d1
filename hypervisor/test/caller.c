/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <xi/hypercall.h>

#include "caller.h"
#include "test.h"

struct domain_config config = {.grant_frames = CONFIG_GRANT_FRAMES, .mapping_frames = CONFIG_MAPPING_FRAMES};
uint8_t *shared;

int64_t call(uint32_t vcpu, uint64_t number, uint64_t a, uint64_t b, uint64_t c)
{
    struct vcpu *v = &guest.vcpus[vcpu];

    fake_set_current(v);
    v->regs.x[0] = a;
    v->regs.x[1] = b;
    v->regs.x[2] = c;
    v->regs.x[16] = number;
    hypercall(v);
    return (int64_t)v->regs.x[0];
}

void put(uint32_t offset, uint64_t value, uint32_t size)
{
    memcpy(guest.ram + ARGUMENT - FAKE_RAM + offset, &value, size);
}

uint32_t get(uint32_t offset)
{
    uint32_t value;

    memcpy(&value, guest.ram + ARGUMENT - FAKE_RAM + offset, sizeof(value));
    return value;
}

int64_t map(uint32_t space, uint64_t index, uint64_t address)
{
    put(0, SELF, 4);
    put(4, space, 4);
    put(8, index, 8);
    put(16, address / 4096, 8);
    return call(0, MEMORY, 7, ARGUMENT, 0);
}

void begin(uint32_t vcpus)
{
    fake_guest_new(vcpus);
    guest.domain.config = &config;
    void *memory = fake_guest_xen_memory();
    memset(memory, 0, xen_domain_size(vcpus, config.grant_frames));
    xen_domain_init(&guest.domain, memory);
    xen_domain_open(&guest.domain);
    for (uint32_t i = 0; i < vcpus; i++) {
        guest_write(i, GICR_SGI(i) + 0x100, 4, 1u << 31);
    }
    EXPECT(map(0, 0, SHARED) == 0);
    shared = memory;
}

int64_t event(uint32_t vcpu, uint32_t command)
{
    return call(vcpu, EVENT, command, ARGUMENT, 0);
}

uint32_t new_ipi(uint32_t vcpu)
{
    put(0, vcpu, 4);
    EXPECT(event(0, 7) == 0);
    return get(4);
}

int64_t on_port(uint32_t command, uint32_t port)
{
    put(0, port, 4);
    return event(0, command);
}

uint64_t word(uint32_t offset)
{
    uint64_t value;

    memcpy(&value, shared + offset, sizeof(value));
    return value;
}
