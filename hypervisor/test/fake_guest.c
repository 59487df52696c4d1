/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include <fake/machine.h>
#include <xi/arch.h>
#include <xi/console.h>
#include <xi/irq.h>
#include <xi/mmio.h>
#include <xi/timer.h>
#include <xi/virq.h>

#include "fake_guest.h"

struct fake_guest guest;
static struct vcpu *current;

struct vcpu *arch_current_vcpu(void)
{
    return current;
}

struct domain *domain_by_id(uint32_t id)
{
    return id == 1 ? &guest.domain : id == 2 ? guest.peer : NULL;
}

uint32_t domain_count(void)
{
    return guest.peer == NULL ? 1 : 2;
}

uint64_t arch_vcpu_mpidr(uint32_t id)
{
    return 1ULL << 31 | (uint64_t)(id / 16) << 8 | id % 16;
}

bool arch_interrupt_waits(void)
{
    return guest.interrupt_waits;
}

uint64_t arch_counter(void)
{
    return 62500000;
}

uint32_t arch_counter_frequency(void)
{
    return 62500000;
}

void vcpu_kick(struct vcpu *vcpu)
{
    guest.kicks[vcpu->id]++;
}

xi_err vcpu_on(struct vcpu *vcpu, uint64_t entry, uint64_t context)
{
    if (vcpu->state != VCPU_OFF) {
        return XI_ERR_BUSY;
    }
    vcpu->state = VCPU_RUNNABLE;
    vcpu->regs = (struct guest_regs){.pc = entry};
    vcpu->regs.x[0] = context;
    return XI_OK;
}

void arch_vcpu_restart(struct vcpu *vcpu, uint64_t entry, uint64_t context)
{
    vcpu->regs = (struct guest_regs){.pc = entry};
    vcpu->regs.x[0] = context;
    guest.restarts++;
}

void vcpu_off(struct vcpu *vcpu)
{
    vcpu->state = VCPU_OFF;
}

void vcpu_block(struct vcpu *vcpu)
{
    (void)vcpu;
    guest.blocks++;
}

void vcpu_yield(struct vcpu *vcpu)
{
    (void)vcpu;
}

bool vcpu_is_on(const struct vcpu *vcpu)
{
    return vcpu->state != VCPU_OFF;
}

void domain_shutdown(struct domain *domain, enum shutdown_reason reason)
{
    domain->dying = true;
    guest.shutdown = (int)reason;
}

void domain_crash(struct domain *domain, const char *why, ...)
{
    (void)why;
    domain_shutdown(domain, SHUTDOWN_CRASH);
}

void timer_init(struct timer *timer, void (*expired)(void *argument), void *argument)
{
    *timer = (struct timer){.expired = expired, .argument = argument};
}

void timer_arm(struct timer *timer, uint64_t deadline)
{
    timer->deadline = deadline;
    guest.armed = timer;
}

void timer_cancel(struct timer *timer)
{
    guest.cancelled = timer;
}

void console_guest_putc(struct domain *domain, char c)
{
    (void)domain;
    if (guest.console_length < sizeof(guest.console)) {
        guest.console[guest.console_length++] = c;
    }
}

void irq_assigned_enable(uint32_t intid, const struct vcpu *target)
{
    guest.on[intid] = true;
    guest.target[intid] = target;
}

void irq_assigned_disable(uint32_t intid)
{
    guest.on[intid] = false;
}

void irq_assigned_end(uint32_t intid)
{
    guest.held[intid] = false;
    guest.ends[intid]++;
}

void irq_assigned_reset(uint32_t intid)
{
    guest.on[intid] = false;
    guest.held[intid] = false;
}

bool guest_fire(uint32_t intid)
{
    if (!guest.on[intid] || guest.held[intid]) {
        return false;
    }
    guest.held[intid] = true;
    vgic_fire(&guest.domain, intid);
    return true;
}

/* The guest runs without translation of its own; addresses with the top bit set are not mapped. */
xi_err arch_guest_address(uint64_t va, bool write, ipa_t *ipa)
{
    (void)write;
    if (va >> 63 != 0) {
        return XI_ERR_RANGE;
    }
    *ipa = (ipa_t){va};
    return XI_OK;
}

static void exchange(struct vcpu *vcpu)
{
    vgic_ended_unlisted(vcpu, guest.ended_unlisted[vcpu->id]);
    guest.ended_unlisted[vcpu->id] = 0;
    guest.result[vcpu->id] = vgic_sync(vcpu, guest.lrs[vcpu->id], FAKE_LRS);
}

void virq_sync(struct vcpu *vcpu)
{
    if (vgic_is_stale(vcpu)) {
        exchange(vcpu);
    }
}

void fake_set_current(struct vcpu *vcpu)
{
    current = vcpu;
}

/* Machine memory: tables of stage 2, the guest's RAM, what hypercalls need. */
#define POOL_PA FAKE_MEMORY_START
#define POOL_BYTES 0x100000u
#define RAM_PA (FAKE_MEMORY_START + 0x200000u)
#define XEN_PA (FAKE_MEMORY_START + 0x400000u)

static void make_memory(void)
{
    struct pa_range pool = {{POOL_PA}, POOL_BYTES};

    guest.ram = arch_pa_to_va((pa_t){RAM_PA});
    memset(guest.ram, 0, FAKE_RAM_BYTES);
    if (stage2_init(&guest.domain.stage2, 1, pool) != XI_OK ||
        stage2_map(&guest.domain.stage2, (ipa_t){FAKE_RAM}, (pa_t){RAM_PA}, FAKE_RAM_BYTES, STAGE2_RAM) != XI_OK) {
        abort();
    }
}

void *fake_guest_xen_memory(void)
{
    return arch_pa_to_va((pa_t){XEN_PA});
}

static void make_guest(uint32_t vcpus)
{
    memset(&guest, 0, sizeof(guest));
    make_memory();
    guest.shutdown = -1;
    guest.domain.id = 1;
    guest.domain.vcpus = guest.list;
    guest.domain.vcpu_count = vcpus;
    for (uint32_t i = 0; i < vcpus; i++) {
        guest.list[i] = &guest.vcpus[i];
        guest.vcpus[i].id = i;
        guest.vcpus[i].domain = &guest.domain;
        guest.vcpus[i].state = i == 0 ? VCPU_RUNNING : VCPU_OFF;
        vgic_vcpu_init(&guest.vcpus[i]);
    }
    current = &guest.vcpus[0];
}

void fake_guest_new(uint32_t vcpus)
{
    make_guest(vcpus);
    if (vgic_v3_init(&guest.domain, (ipa_t){GICD}, (ipa_t){GICR}, guest.spis, FAKE_SPIS) != XI_OK) {
        abort();
    }
    guest_write(0, GICD, 4, 3);
}

void fake_guest_new_v2(uint32_t vcpus)
{
    make_guest(vcpus);
    if (vgic_v2_init(&guest.domain, (ipa_t){GICD}, 0x1000, guest.spis, FAKE_SPIS) != XI_OK) {
        abort();
    }
    guest_write(0, GICD, 4, 3);
}

uint64_t guest_read(uint32_t vcpu, uint64_t ipa, uint32_t size)
{
    struct mmio_access access = {.ipa = {ipa}, .size = (uint8_t)size};

    current = &guest.vcpus[vcpu];
    if (!mmio_dispatch(current, &access)) {
        abort();
    }
    return access.value;
}

void guest_write(uint32_t vcpu, uint64_t ipa, uint32_t size, uint64_t value)
{
    struct mmio_access access = {.ipa = {ipa}, .size = (uint8_t)size, .write = true, .value = value};

    current = &guest.vcpus[vcpu];
    if (!mmio_dispatch(current, &access)) {
        abort();
    }
}

void guest_enter(uint32_t vcpu)
{
    current = &guest.vcpus[vcpu];
    virq_sync(current);
}

/* A maintenance interrupt takes the guest out and makes the registers stale, as core/virq.c does. */
static void maintenance(uint32_t vcpu)
{
    bool pending_shown = false;

    for (uint32_t i = 0; i < FAKE_LRS; i++) {
        pending_shown = pending_shown || guest.lrs[vcpu][i].state == LR_PENDING;
    }
    if ((guest.result[vcpu].more_pending && !pending_shown) ||
        (guest.result[vcpu].more_active && guest.ended_unlisted[vcpu] != 0)) {
        vgic_set_stale(&guest.vcpus[vcpu]);
        guest_enter(vcpu);
    }
}

static bool preempts(uint32_t vcpu, uint8_t priority)
{
    uint32_t nested = guest.nested[vcpu];

    return guest.split || nested == 0 || priority < guest.running[vcpu][nested - 1];
}

uint32_t guest_acknowledge(uint32_t vcpu)
{
    struct lr *best = NULL;

    guest_enter(vcpu);
    for (uint32_t i = 0; i < FAKE_LRS; i++) {
        struct lr *lr = &guest.lrs[vcpu][i];
        if (lr->state == LR_PENDING && (best == NULL || lr->priority < best->priority)) {
            best = lr;
        }
    }
    if (best == NULL || !preempts(vcpu, best->priority)) {
        return 1023;
    }
    uint32_t intid = best->intid;
    guest.running[vcpu][guest.nested[vcpu]++ % 64] = best->priority;
    best->state = LR_ACTIVE;
    guest.sender[vcpu] = best->source;
    maintenance(vcpu);
    return intid;
}

void guest_end(uint32_t vcpu, uint32_t intid)
{
    guest_enter(vcpu);
    guest.nested[vcpu]--;
    for (uint32_t i = 0; i < FAKE_LRS; i++) {
        struct lr *lr = &guest.lrs[vcpu][i];
        if (lr->intid == intid && (lr->state & LR_ACTIVE) != 0) {
            lr->state = (uint8_t)(lr->state & ~LR_ACTIVE);
            if (lr->hw && intid >= VGIC_PRIVATE) {
                guest.held[intid] = false;
            }
            if (lr->notify && lr->state == LR_INVALID) {
                vgic_set_stale(&guest.vcpus[vcpu]);
            }
            maintenance(vcpu);
            return;
        }
    }
    guest.ended_unlisted[vcpu]++;
    maintenance(vcpu);
}
