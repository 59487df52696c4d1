/* SPDX-License-Identifier: Apache-2.0 */
/* The machine's interrupt controller: distributor and CPU interfaces for the hypervisor, virtual
 * interface for the loaded vCPU. drivers/gicv2.c and drivers/gicv3.c fill the table. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/types.h>
#include <xi/vgic.h>

struct config_gic;
struct cpu;
struct vcpu;

#define GIC_NO_IRQ 1023u
#define GIC_MAX_LRS VGIC_MAX_LRS

/* The virtual interface of a vCPU while it is not loaded. */
struct gic_vcpu {
    uint64_t lr[GIC_MAX_LRS];
    uint32_t vmcr, hcr;
    uint32_t ap0r[4], ap1r[4]; /* active priorities; of a GICv2 all in ap0r[0] */
};

struct gic_ops {
    /* Distributor; once, on the boot CPU. */
    xi_err (*init)(const struct config_gic *where);
    /* This CPU's redistributor, if there are any, and interfaces. */
    xi_err (*init_cpu)(struct cpu *cpu);
    uint32_t (*acknowledge)(void); /* GIC_NO_IRQ when nothing is pending */
    void (*drop_priority)(uint32_t intid);
    void (*deactivate)(uint32_t intid);
    void (*enable)(uint32_t intid, bool on);
    uint32_t (*lines)(void); /* INTIDs below this one are there, up to 1020 */
    /* A shared interrupt: the CPU that takes it; its trigger, while it is off; pending no more; active no more. */
    void (*route)(uint32_t intid, const struct cpu *cpu);
    void (*set_edge)(uint32_t intid, bool edge);
    void (*clear_pending)(uint32_t intid);
    void (*end_shared)(uint32_t intid);
    void (*send_kick)(const struct cpu *cpu);
    /* Whether a private interrupt of this CPU counts as active: keeps it quiet while a guest handles it. */
    void (*set_active)(uint32_t intid, bool active);

    uint32_t (*list_registers)(void);
    void (*vcpu_reset)(struct gic_vcpu *state);
    void (*vcpu_save)(struct gic_vcpu *state);
    void (*vcpu_load)(const struct gic_vcpu *state);
    enum lr_state (*lr_state)(uint32_t index);
    void (*write_lr)(uint32_t index, const struct lr *lr);
    /* How many interrupts the guest ended that no list register showed; counts from zero again. */
    uint32_t (*ended_unlisted)(void);
    /* Maintenance interrupts: when nothing is pending in the list registers, and when the guest ends an
     * interrupt that none shows. */
    void (*want_maintenance)(bool none_pending, bool unlisted);
};

extern const struct gic_ops gicv2, gicv3;
extern const struct gic_ops *gic; /* the one in use */
