/* SPDX-License-Identifier: Apache-2.0 */
/* GICv2 with the Virtualization Extensions, such as the GIC-400. Arm IHI 0048B: chapters 4.3 (distributor) and 4.4
 * (CPU interface). Groups are left as firmware has set them: bit 0 of the control registers turns on the group that
 * this security state gets. */
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
#include "gicv2_virtual.h"

enum {
    GICD_CTLR = 0x000,
    GICD_TYPER = 0x004,
    GICD_ISENABLER = 0x100,
    GICD_ICENABLER = 0x180,
    GICD_ICPENDR = 0x280,
    GICD_ISACTIVER = 0x300,
    GICD_ICACTIVER = 0x380,
    GICD_IPRIORITYR = 0x400,
    GICD_ITARGETSR = 0x800,
    GICD_ICFGR = 0xc00,
    GICD_SGIR = 0xf00,
    GICD_CPENDSGIR = 0xf10,
    GICC_CTLR = 0x000,
    GICC_PMR = 0x004,
    GICC_BPR = 0x008,
    GICC_IAR = 0x00c,
    GICC_EOIR = 0x010,
    GICC_IIDR = 0x0fc,
    GICC_DIR = 0x1000,
};

#define GICD_CTLR_ENABLE 1u
#define GICD_TYPER_CPUS XI_FIELD(5, 3) /* less one */
#define GICC_CTLR_ENABLE 1u
#define GICC_CTLR_EOIMODE 0x200u       /* GICC_EOIR drops the priority alone */
#define GICC_IIDR_VERSION XI_FIELD(16, 4)
#define GICC_IIDR_V2 2u
#define IAR_INTID 0x3ffu
#define SGIS 16u

#define PRIORITY_ALL 0xa0a0a0a0u
#define WAIT_LIMIT 1000000u

static struct {
    mmio_t distributor, interface;
    uint8_t targets[XI_MAX_CPUS]; /* each CPU's bit in GICD_ITARGETSR and GICD_SGIR */
    uint32_t sgi[XI_MAX_CPUS];    /* last one acknowledged, with its sender: GICC_EOIR and _DIR want both */
} host;

/* Two pages, found next to each other where aliases repeat them, too; the hypervisor's one. */
static xi_err map_interfaces(const struct config_gic *where)
{
    uint64_t skip = where->aliased ? (CONFIG_GIC_ALIASES - 1) * XI_PAGE : 0;
    mmio_t interface = mmio_map(where->cpu_interface.start, where->cpu_interface.size);
    mmio_t control = mmio_map(where->hyp_interface.start, where->hyp_interface.size);

    if (interface.base == NULL || control.base == NULL) {
        return XI_ERR_RANGE;
    }
    host.interface = mmio_at(interface, skip);
    uint32_t id = mmio_read32(host.interface, GICC_IIDR);
    if (xi_field_get(GICC_IIDR_VERSION, id) != GICC_IIDR_V2 || id != mmio_read32(interface, GICC_IIDR)) {
        return XI_ERR_NOT_FOUND;
    }
    gicv2_virtual_map(control);
    return XI_OK;
}

/* The bit by which the distributor knows this CPU: banked registers of private interrupts tell it (4.3.12), but those
 * of a GIC for one CPU read as zero. */
static xi_err own_target(uint8_t *target)
{
    uint32_t bytes = 0;

    for (uint32_t i = 0; i < 32 && bytes == 0; i += 4) {
        bytes = mmio_read32(host.distributor, GICD_ITARGETSR + i);
    }
    bytes |= bytes >> 16;
    bytes = (bytes | bytes >> 8) & 0xff;
    if (bytes == 0 && (mmio_read32(host.distributor, GICD_TYPER) & GICD_TYPER_CPUS) == 0) {
        bytes = 1;
    }
    if (bytes == 0 || (bytes & (bytes - 1)) != 0) {
        return XI_ERR_NOT_FOUND;
    }
    *target = (uint8_t)bytes;
    return XI_OK;
}

static uint32_t gicv2_lines(void)
{
    uint32_t lines = ((mmio_read32(host.distributor, GICD_TYPER) & 31) + 1) * 32;

    return lines < 1020 ? lines : 1020;
}

/* All shared interrupts off, and to the boot CPU. */
static void init_shared(uint8_t target)
{
    mmio_t d = host.distributor;
    uint32_t lines = gicv2_lines();

    for (uint32_t i = 32; i < lines; i += 32) {
        mmio_write32(d, GICD_ICENABLER + i / 8, UINT32_MAX);
        mmio_write32(d, GICD_ICPENDR + i / 8, UINT32_MAX);
        mmio_write32(d, GICD_ICACTIVER + i / 8, UINT32_MAX);
    }
    for (uint32_t i = 32; i < lines; i += 4) {
        mmio_write32(d, GICD_IPRIORITYR + i, PRIORITY_ALL);
        mmio_write32(d, GICD_ITARGETSR + i, target * 0x01010101u);
    }
}

static xi_err gicv2_init(const struct config_gic *where)
{
    uint8_t target;

    host.distributor = mmio_map(where->distributor.start, where->distributor.size);
    if (host.distributor.base == NULL) {
        return XI_ERR_RANGE;
    }
    xi_err err = map_interfaces(where);
    if (err == XI_OK) {
        err = own_target(&target);
    }
    if (err != XI_OK) {
        return err;
    }
    mmio_write32(host.distributor, GICD_CTLR, 0);
    init_shared(target);
    mmio_write32(host.distributor, GICD_CTLR, GICD_CTLR_ENABLE);
    return XI_OK;
}

static void init_private(void)
{
    mmio_t d = host.distributor;

    mmio_write32(d, GICD_ICENABLER, UINT32_MAX);
    mmio_write32(d, GICD_ICPENDR, UINT32_MAX);
    mmio_write32(d, GICD_ICACTIVER, UINT32_MAX);
    for (uint32_t i = 0; i < SGIS; i += 4) {
        mmio_write32(d, GICD_CPENDSGIR + i, UINT32_MAX);
    }
    for (uint32_t i = 0; i < 32; i += 4) {
        mmio_write32(d, GICD_IPRIORITYR + i, PRIORITY_ALL);
    }
}

static xi_err gicv2_init_cpu(struct cpu *cpu)
{
    xi_err err = own_target(&host.targets[cpu->index]);

    if (err != XI_OK) {
        return err;
    }
    init_private();
    mmio_write32(host.interface, GICC_PMR, 0xff);
    mmio_write32(host.interface, GICC_BPR, 0);
    mmio_write32(host.interface, GICC_CTLR, GICC_CTLR_ENABLE | GICC_CTLR_EOIMODE);
    gicv2_virtual_init();
    return XI_OK;
}

static uint32_t gicv2_acknowledge(void)
{
    uint32_t value = mmio_read32(host.interface, GICC_IAR);
    uint32_t intid = value & IAR_INTID;

    dsb(sy); /* the acknowledge before the device is looked at */
    if (intid < SGIS) {
        host.sgi[this_cpu()->index] = value;
    }
    return intid >= 1020 ? GIC_NO_IRQ : intid;
}

/* As GICC_IAR gave it: an SGI comes with the number of its sender. */
static uint32_t acknowledged(uint32_t intid)
{
    return intid < SGIS ? host.sgi[this_cpu()->index] : intid;
}

static void gicv2_drop_priority(uint32_t intid)
{
    mmio_write32(host.interface, GICC_EOIR, acknowledged(intid));
}

static void gicv2_deactivate(uint32_t intid)
{
    mmio_write32(host.interface, GICC_DIR, acknowledged(intid));
}

static void gicv2_enable(uint32_t intid, bool on)
{
    mmio_write32(host.distributor, (on ? GICD_ISENABLER : GICD_ICENABLER) + intid / 32 * 4, 1u << (intid % 32));
}

/* The registers can be written by the byte (4.3.12): neighbours are not touched. */
static void gicv2_route(uint32_t intid, const struct cpu *cpu)
{
    mmio_write8(host.distributor, GICD_ITARGETSR + intid, host.targets[cpu->index]);
}

static void gicv2_set_edge(uint32_t intid, bool edge)
{
    gic_set_edge(mmio_at(host.distributor, GICD_ICFGR), intid, edge);
}

static void gicv2_clear_pending(uint32_t intid)
{
    mmio_write32(host.distributor, GICD_ICPENDR + intid / 32 * 4, 1u << (intid % 32));
}

static void gicv2_send_kick(const struct cpu *cpu)
{
    dsb(ishst); /* what the other CPU shall see before it is interrupted */
    mmio_write32(host.distributor, GICD_SGIR, (uint32_t)host.targets[cpu->index] << 16 | IRQ_SGI_KICK);
}

/* Read back: the guest's deactivation, or the timer's next interrupt, must find what was written. */
static void gicv2_set_active(uint32_t intid, bool active)
{
    mmio_write32(host.distributor, active ? GICD_ISACTIVER : GICD_ICACTIVER, 1u << intid);
    for (uint32_t i = 0; i < WAIT_LIMIT; i++) {
        if ((mmio_read32(host.distributor, GICD_ISACTIVER) >> intid & 1) == (active ? 1u : 0u)) {
            break;
        }
    }
}

/* Not read back: another CPU may have taken the next one by then. */
static void gicv2_end_shared(uint32_t intid)
{
    mmio_write32(host.distributor, GICD_ICACTIVER + intid / 32 * 4, 1u << (intid % 32));
}

const struct gic_ops gicv2 = {
    .init = gicv2_init,
    .init_cpu = gicv2_init_cpu,
    .acknowledge = gicv2_acknowledge,
    .drop_priority = gicv2_drop_priority,
    .deactivate = gicv2_deactivate,
    .enable = gicv2_enable,
    .lines = gicv2_lines,
    .route = gicv2_route,
    .set_edge = gicv2_set_edge,
    .clear_pending = gicv2_clear_pending,
    .end_shared = gicv2_end_shared,
    .send_kick = gicv2_send_kick,
    .set_active = gicv2_set_active,
    .list_registers = gicv2_list_registers,
    .vcpu_reset = gicv2_vcpu_reset,
    .vcpu_save = gicv2_vcpu_save,
    .vcpu_load = gicv2_vcpu_load,
    .lr_state = gicv2_lr_state,
    .write_lr = gicv2_write_lr,
    .ended_unlisted = gicv2_ended_unlisted,
    .want_maintenance = gicv2_want_maintenance,
};
