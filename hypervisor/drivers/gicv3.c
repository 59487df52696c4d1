/* SPDX-License-Identifier: Apache-2.0 */
/* GICv3 with system register access. Arm IHI 0069: chapters 12.9 (distributor), 12.11
 * (redistributors), 12.2 (CPU interface). */
#include <stddef.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/config.h>
#include <xi/cpu.h>
#include <xi/device.h>
#include <xi/gic.h>
#include <xi/irq.h>

#include <arch/sysreg.h>

#include "gic_trigger.h"
#include "gicv3_virtual.h"

enum {
    GICD_CTLR = 0x000,
    GICD_TYPER = 0x004,
    GICD_IGROUPR = 0x080,
    GICD_ISENABLER = 0x100,
    GICD_ICENABLER = 0x180,
    GICD_ICPENDR = 0x280,
    GICD_ICACTIVER = 0x380,
    GICD_IPRIORITYR = 0x400,
    GICD_ICFGR = 0xc00,
    GICD_IROUTER = 0x6000,
    GICR_CTLR = 0x000,
    GICR_TYPER = 0x008,
    GICR_WAKER = 0x014,
    /* in the second 64 KiB frame */
    GICR_SGI = 0x10000,
    GICR_IGROUPR0 = GICR_SGI + 0x080,
    GICR_ISENABLER0 = GICR_SGI + 0x100,
    GICR_ICENABLER0 = GICR_SGI + 0x180,
    GICR_ICPENDR0 = GICR_SGI + 0x280,
    GICR_ISACTIVER0 = GICR_SGI + 0x300,
    GICR_ICACTIVER0 = GICR_SGI + 0x380,
    GICR_IPRIORITYR0 = GICR_SGI + 0x400,
};

#define GICD_CTLR_GROUPS 0x3u /* both groups as this security state sees them */
#define GICD_CTLR_ARE XI_BIT(4)
#define GICD_CTLR_RWP XI_BIT(31)
#define GICR_CTLR_RWP XI_BIT(3)
#define GICR_TYPER_VLPIS XI_BIT(1)
#define GICR_TYPER_LAST XI_BIT(4)
#define GICR_WAKER_SLEEP XI_BIT(1)
#define GICR_WAKER_CHILDREN XI_BIT(2)
#define ICC_SRE_ALL 0xfu /* SRE, no bypass, lower levels may look */
#define ICC_CTLR_EOIMODE XI_BIT(1)

#define PRIORITY_ALL 0xa0a0a0a0u
#define FRAME_PAIR 0x20000u /* a redistributor: two frames; four with virtual LPIs */
#define WAIT_LIMIT 1000000u

static struct {
    mmio_t distributor;
    struct {
        mmio_t base;
        uint64_t size;
    } regions[CONFIG_MAX_REDISTRIBUTORS];
    uint32_t region_count;
    mmio_t redistributors[XI_MAX_CPUS];
} host;

static mmio_t own_redistributor(void)
{
    return host.redistributors[this_cpu()->index];
}

static xi_err wait_clear(mmio_t base, uint32_t offset, uint32_t mask)
{
    for (uint32_t i = 0; i < WAIT_LIMIT; i++) {
        if ((mmio_read32(base, offset) & mask) == 0) {
            return XI_OK;
        }
    }
    return XI_ERR_TIMEOUT;
}

static uint32_t gicv3_lines(void)
{
    uint32_t lines = ((mmio_read32(host.distributor, GICD_TYPER) & 31) + 1) * 32;

    return lines < 1020 ? lines : 1020;
}

static xi_err gicv3_init(const struct config_gic *where)
{
    const uint32_t count = where->redistributor_count;

    host.distributor = mmio_map(where->distributor.start, where->distributor.size);
    if (host.distributor.base == NULL) {
        return XI_ERR_RANGE;
    }
    for (uint32_t i = 0; i < count; i++) {
        host.regions[i].base = mmio_map(where->redistributors[i].start, where->redistributors[i].size);
        host.regions[i].size = where->redistributors[i].size;
        if (host.regions[i].base.base == NULL) {
            return XI_ERR_RANGE;
        }
    }
    host.region_count = count;

    mmio_t d = host.distributor;
    uint32_t lines = gicv3_lines();
    mmio_write32(d, GICD_CTLR, 0);
    xi_err err = wait_clear(d, GICD_CTLR, (uint32_t)GICD_CTLR_RWP);
    if (err != XI_OK) {
        return err;
    }
    for (uint32_t i = 32; i < lines; i += 32) {
        mmio_write32(d, GICD_ICENABLER + i / 8, UINT32_MAX);
        mmio_write32(d, GICD_ICPENDR + i / 8, UINT32_MAX);
        mmio_write32(d, GICD_ICACTIVER + i / 8, UINT32_MAX);
        mmio_write32(d, GICD_IGROUPR + i / 8, UINT32_MAX);
    }
    for (uint32_t i = 32; i < lines; i += 4) {
        mmio_write32(d, GICD_IPRIORITYR + i, PRIORITY_ALL);
    }
    mmio_write32(d, GICD_CTLR, GICD_CTLR_ARE | GICD_CTLR_GROUPS);
    return wait_clear(d, GICD_CTLR, (uint32_t)GICD_CTLR_RWP);
}

/* Affinity as GICR_TYPER and IROUTER spell it: Aff3 directly above Aff2. */
static uint32_t affinity(uint64_t mpidr)
{
    return (uint32_t)((mpidr & 0xffffff) | ((mpidr >> 32 & 0xff) << 24));
}

static bool find_redistributor(struct cpu *cpu)
{
    for (uint32_t r = 0; r < host.region_count; r++) {
        uint64_t offset = 0;
        while (offset + FRAME_PAIR <= host.regions[r].size) {
            mmio_t frame = mmio_at(host.regions[r].base, offset);
            uint64_t type = mmio_read64(frame, GICR_TYPER);
            if ((uint32_t)(type >> 32) == affinity(cpu->mpidr)) {
                host.redistributors[cpu->index] = frame;
                return true;
            }
            if ((type & GICR_TYPER_LAST) != 0) {
                break;
            }
            offset += (type & GICR_TYPER_VLPIS) != 0 ? 2 * FRAME_PAIR : FRAME_PAIR;
        }
    }
    return false;
}

static void init_cpu_interface(void)
{
    sysreg_write(ICC_SRE_EL2, ICC_SRE_ALL);
    isb(); /* the other registers exist from here on */
    sysreg_write(ICC_PMR_EL1, 0xff);
    sysreg_write(ICC_BPR1_EL1, 0);
    sysreg_write(ICC_CTLR_EL1, ICC_CTLR_EOIMODE);
    sysreg_write(ICC_IGRPEN1_EL1, 1);
    gicv3_virtual_init();
}

static xi_err gicv3_init_cpu(struct cpu *cpu)
{
    if (!find_redistributor(cpu)) {
        return XI_ERR_NOT_FOUND;
    }
    mmio_t r = host.redistributors[cpu->index];

    mmio_write32(r, GICR_WAKER, mmio_read32(r, GICR_WAKER) & ~(uint32_t)GICR_WAKER_SLEEP);
    xi_err err = wait_clear(r, GICR_WAKER, (uint32_t)GICR_WAKER_CHILDREN);
    if (err != XI_OK) {
        return err;
    }
    mmio_write32(r, GICR_ICENABLER0, UINT32_MAX);
    err = wait_clear(r, GICR_CTLR, (uint32_t)GICR_CTLR_RWP);
    if (err != XI_OK) {
        return err;
    }
    mmio_write32(r, GICR_ICPENDR0, UINT32_MAX);
    mmio_write32(r, GICR_ICACTIVER0, UINT32_MAX);
    mmio_write32(r, GICR_IGROUPR0, UINT32_MAX);
    for (uint32_t i = 0; i < 32; i += 4) {
        mmio_write32(r, GICR_IPRIORITYR0 + i, PRIORITY_ALL);
    }
    init_cpu_interface();
    return XI_OK;
}

static uint32_t gicv3_acknowledge(void)
{
    uint32_t intid = (uint32_t)sysreg_read(ICC_IAR1_EL1) & 0xffffff;
    dsb(sy); /* the acknowledge before the device is looked at */
    return intid >= 1020 && intid <= 1023 ? GIC_NO_IRQ : intid;
}

static void gicv3_drop_priority(uint32_t intid)
{
    sysreg_write(ICC_EOIR1_EL1, intid);
    isb();
}

static void gicv3_deactivate(uint32_t intid)
{
    sysreg_write(ICC_DIR_EL1, intid);
    isb();
}

static void gicv3_enable(uint32_t intid, bool on)
{
    uint32_t bit = 1u << (intid % 32);

    if (intid < 32) {
        mmio_write32(own_redistributor(), on ? GICR_ISENABLER0 : GICR_ICENABLER0, bit);
        return;
    }
    mmio_write32(host.distributor, (on ? GICD_ISENABLER : GICD_ICENABLER) + intid / 32 * 4, bit);
}

static void gicv3_route(uint32_t intid, const struct cpu *cpu)
{
    mmio_write64(host.distributor, GICD_IROUTER + 8 * intid, (cpu->mpidr & 0xffffff) | (cpu->mpidr & 0xff00000000ULL));
}

static void gicv3_set_edge(uint32_t intid, bool edge)
{
    gic_set_edge(mmio_at(host.distributor, GICD_ICFGR), intid, edge);
}

static void gicv3_clear_pending(uint32_t intid)
{
    mmio_write32(host.distributor, GICD_ICPENDR + intid / 32 * 4, 1u << (intid % 32));
}

static void gicv3_send_kick(const struct cpu *cpu)
{
    uint64_t m = cpu->mpidr;
    uint64_t aff0 = m & 0xff;
    uint64_t value = 1ULL << (aff0 & 15) | (m >> 8 & 0xff) << 16 | (uint64_t)IRQ_SGI_KICK << 24 |
                     (m >> 16 & 0xff) << 32 | (aff0 >> 4) << 44 | (m >> 32 & 0xff) << 48;

    dsb(ishst); /* what the other CPU shall see before it is interrupted */
    sysreg_write(ICC_SGI1R_EL1, value);
    isb();
}

/* Read back: the guest's deactivation, or the timer's next interrupt, must find what was written. */
static void gicv3_set_active(uint32_t intid, bool active)
{
    mmio_t r = own_redistributor();

    mmio_write32(r, active ? GICR_ISACTIVER0 : GICR_ICACTIVER0, 1u << intid);
    for (uint32_t i = 0; i < WAIT_LIMIT; i++) {
        if ((mmio_read32(r, GICR_ISACTIVER0) >> intid & 1) == (active ? 1u : 0u)) {
            break;
        }
    }
}

/* Not read back: another CPU may have taken the next one by then. */
static void gicv3_end_shared(uint32_t intid)
{
    mmio_write32(host.distributor, GICD_ICACTIVER + intid / 32 * 4, 1u << (intid % 32));
}

const struct gic_ops gicv3 = {
    .init = gicv3_init,
    .init_cpu = gicv3_init_cpu,
    .acknowledge = gicv3_acknowledge,
    .drop_priority = gicv3_drop_priority,
    .deactivate = gicv3_deactivate,
    .enable = gicv3_enable,
    .lines = gicv3_lines,
    .route = gicv3_route,
    .set_edge = gicv3_set_edge,
    .clear_pending = gicv3_clear_pending,
    .end_shared = gicv3_end_shared,
    .send_kick = gicv3_send_kick,
    .set_active = gicv3_set_active,
    .list_registers = gicv3_list_registers,
    .vcpu_reset = gicv3_vcpu_reset,
    .vcpu_save = gicv3_vcpu_save,
    .vcpu_load = gicv3_vcpu_load,
    .lr_state = gicv3_lr_state,
    .write_lr = gicv3_write_lr,
    .ended_unlisted = gicv3_ended_unlisted,
    .want_maintenance = gicv3_want_maintenance,
};
