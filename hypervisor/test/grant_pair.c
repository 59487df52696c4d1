/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fake/machine.h>
#include <xi/arch.h>
#include <xi/console.h>
#include <xi/hypercall.h>

#include "caller.h"
#include "grant_pair.h"
#include "test.h"

#define POOL_PA (FAKE_MEMORY_START + 0x800000u)
#define POOL_BYTES 0x100000u
#define RAM_PA (FAKE_MEMORY_START + 0xa00000u)
#define XEN_PA (FAKE_MEMORY_START + 0xc00000u)
#define PV_PA (FAKE_MEMORY_START + 0x1000000u)
#define PV_BYTES 0x200000u

struct side one, two;
uint32_t pair_rounds;
static struct domain_config peer_config;
static struct domain peer;
static struct vcpu peer_vcpu, *peer_list[1] = {&peer_vcpu};
static struct vgic_irq peer_spis[32];

char pair_log[128];

void xi_log(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(pair_log, sizeof(pair_log), format, arguments);
    va_end(arguments);
}

static void *zeroed(uint64_t pa, uint64_t size)
{
    return memset(arch_pa_to_va((pa_t){pa}), 0, size);
}

static void make_peer(void)
{
    const struct pa_range pool = {{POOL_PA}, POOL_BYTES};

    peer = (struct domain){.id = 2, .config = &peer_config, .vcpus = peer_list, .vcpu_count = 1};
    peer_vcpu = (struct vcpu){.domain = &peer, .state = VCPU_RUNNING};
    memset(peer_spis, 0, sizeof(peer_spis));
    vgic_vcpu_init(&peer_vcpu);
    EXPECT(stage2_init(&peer.stage2, 2, pool) == XI_OK);
    EXPECT(stage2_map(&peer.stage2, (ipa_t){FAKE_RAM}, (pa_t){RAM_PA}, FAKE_RAM_BYTES, STAGE2_RAM) == XI_OK);
    EXPECT(vgic_v3_init(&peer, (ipa_t){GICD}, (ipa_t){GICR}, peer_spis, 32) == XI_OK);
    xen_domain_init(&peer, zeroed(XEN_PA, xen_domain_size(1, peer_config.grant_frames)));
    xen_domain_open(&peer);
    guest.peer = &peer;
}

static void grow_table(const struct side *side)
{
    side->domain->xen->grant_frames = side->config->grant_frames < 8 ? side->config->grant_frames : 8;
}

static void pair_side(struct side *side, struct domain *domain, struct domain_config *its, uint8_t *ram, uint64_t pa)
{
    uint64_t size = pv_size(its);

    EXPECT(size != 0 && size < PV_BYTES);
    pv_init(domain, zeroed(PV_PA + (domain->id - 1u) * PV_BYTES, size));
    *side = (struct side){domain, domain->vcpus[0], its, ram, arch_va_to_pa(ram).pa};
    grow_table(side);
    EXPECT(side->ram_machine == pa);
}

void pair_begin(void)
{
    pair_begin_with(CONFIG_GRANT_FRAMES, CONFIG_MAPPING_FRAMES);
}

void pair_begin_with(uint32_t grant_frames, uint32_t mapping_frames)
{
    pair_log[0] = '\0';
    config.grant_frames = grant_frames;
    config.mapping_frames = mapping_frames;
    config.xen = CONFIG_XEN_NO_XENSTORE;
    config.granters = config.peers = 1u << (2 - 1);
    peer_config = config;
    peer_config.granters = peer_config.peers = 1u << (1 - 1);
    begin(1);
    make_peer();
    pair_side(&one, &guest.domain, &config, guest.ram, arch_va_to_pa(guest.ram).pa);
    pair_side(&two, &peer, &peer_config, zeroed(RAM_PA, FAKE_RAM_BYTES), RAM_PA);
}

struct xen_grant_entry *pair_entry(struct side *by, uint32_t ref)
{
    return &by->domain->xen->grants[ref / PV_ENTRIES].entries[ref % PV_ENTRIES];
}

void pair_grant(struct side *by, uint32_t ref, const struct side *to, uint64_t frame, uint16_t more_flags)
{
    *pair_entry(by, ref) =
        (struct xen_grant_entry){(uint16_t)(GTF_permit_access | more_flags), to->domain->id, (uint32_t)frame};
}

int64_t pair_hypercall(struct side *by, uint64_t number, uint64_t command, void *argument, size_t size, uint64_t count)
{
    struct vcpu *v = by->vcpu;
    uint8_t *own = by->ram + (ARGUMENT - FAKE_RAM);

    memcpy(own, argument, size);
    fake_set_current(v);
    v->regs.x[0] = command;
    v->regs.x[1] = ARGUMENT;
    v->regs.x[2] = count;
    v->regs.x[16] = number;
    pair_rounds = 0;
    do {
        v->regs.pc = 0x1004;
        hypercall(v);
        pair_rounds++;
    } while (v->regs.pc == 0x1000 && pair_rounds < 100000);
    memcpy(argument, own, size);
    return (int64_t)v->regs.x[0];
}

int64_t pair_call(struct side *by, uint64_t command, void *record, uint32_t size, uint32_t count)
{
    return pair_hypercall(by, GRANT, command, record, (size_t)size * count, count);
}

int16_t pair_map(struct side *by, const struct side *of, uint32_t ref, uint64_t at, uint32_t flags, uint32_t *handle)
{
    struct xen_grant_map m = {.host_addr = at, .flags = flags, .ref = ref, .dom = of->domain->id, .status = 99};

    EXPECT(pair_call(by, GNTTABOP_map_grant_ref, &m, sizeof(m), 1) == 0);
    *handle = m.handle;
    return m.status;
}

int16_t pair_unmap(struct side *by, uint32_t handle, uint64_t at)
{
    struct xen_grant_unmap u = {.host_addr = at, .handle = handle, .status = 99};

    EXPECT(pair_call(by, GNTTABOP_unmap_grant_ref, &u, sizeof(u), 1) == 0);
    return u.status;
}

uint64_t pair_descriptor(const struct side *of, uint64_t ipa)
{
    const uint64_t *table = arch_pa_to_va(of->domain->stage2.root);
    uint64_t descriptor = table[ipa >> 30];

    for (uint32_t shift = 21; shift >= 12 && (descriptor & 3) == 3; shift -= 9) {
        table = arch_pa_to_va((pa_t){descriptor & 0xfffffffff000ull});
        descriptor = table[ipa >> shift & 511];
    }
    return (descriptor & 1) != 0 ? descriptor : 0;
}

uint64_t pair_machine(const struct side *of, uint64_t ipa)
{
    return pair_descriptor(of, ipa) & 0xfffffffff000ull;
}

void pair_restart(struct side *which)
{
    which->config->on[SHUTDOWN_RESET] = CONFIG_RESTART;
    which->domain->reason = SHUTDOWN_RESET;
    xen_domain_close(which->domain);
    stage2_clear(&which->domain->stage2);
    while (pv_release(which->domain)) {
    }
    EXPECT(stage2_map(&which->domain->stage2, (ipa_t){FAKE_RAM}, (pa_t){which->ram_machine}, FAKE_RAM_BYTES,
                      STAGE2_RAM) == XI_OK);
    xen_domain_open(which->domain);
    pv_open(which->domain);
    grow_table(which);
}
