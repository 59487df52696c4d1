/* SPDX-License-Identifier: Apache-2.0 */
/* The machine's interrupt controller and CPUs: set up, started, and sent to work. */
#include <stdbool.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/boot.h>
#include <xi/console.h>
#include <xi/cpu.h>
#include <xi/firmware.h>
#include <xi/gic.h>
#include <xi/irq.h>
#include <xi/mitigation.h>
#include <xi/sched.h>
#include <xi/stage2.h>

#include "start.h"

const struct gic_ops *gic;

static bool pools_ready; /* the other CPUs may run vCPUs */

static void init_gic(const struct config_machine *machine)
{
    const struct config_gic *g = &machine->gic;
    const bool v3 = g->version == 3;

    gic = v3 ? &gicv3 : &gicv2;
    if (gic->init(g) != XI_OK) {
        core_stop("%s: reg: no %s answers there", g->path, v3 ? "GICv3" : "GICv2 with virtualization");
    }
}

static xi_err init_this_cpu(void)
{
    xi_err err = gic->init_cpu(this_cpu());

    if (err != XI_OK) {
        return err;
    }
    this_cpu()->address_bits = arch_address_bits();
    arch_init_mitigations();
    arch_init_traps();
    gic->enable(IRQ_SGI_KICK, true);
    gic->enable(IRQ_PPI_MAINTENANCE, true);
    gic->enable(IRQ_PPI_HYP_TIMER, true);
    gic->enable(IRQ_PPI_VIRTUAL_TIMER, true);
    return XI_OK;
}

static bool same_kind(const struct cpu *a, const struct cpu *b)
{
    const struct mitigation *m = &a->mitigation, *n = &b->mitigation;

    return a->midr == b->midr && m->targets == n->targets && m->history == n->history && m->bypass == n->bypass &&
           m->call == n->call;
}

/* One line for each kind of CPU, in the order in which they first come. */
static void log_mitigations(void)
{
    bool told[XI_MAX_CPUS] = {false};
    char text[160];

    for (uint32_t i = 0; i < cpu_count; i++) {
        uint32_t alike = 0;
        for (uint32_t j = i; j < cpu_count; j++) {
            if (cpus[j].online && !told[j] && same_kind(&cpus[i], &cpus[j])) {
                told[j] = true;
                alike++;
            }
        }
        if (alike != 0) {
            (void)mitigation_describe(&cpus[i].mitigation, text, sizeof(text));
            xi_log("MIDR 0x%08llx, %u CPUs: %s", (unsigned long long)cpus[i].midr, alike, text);
        }
    }
}

/* Guests' addresses have the shape that the smallest CPU can translate: a domain's vCPUs run on any of its pool, and the
 * core itself on all of them. */
static void fit_smallest(void)
{
    uint32_t bits = cpus[0].address_bits;

    for (uint32_t i = 1; i < cpu_count; i++) {
        if (cpus[i].online && cpus[i].address_bits < bits) {
            bits = cpus[i].address_bits;
        }
    }
    stage2_set_address_bits(bits);
    arch_init_traps();
}

void cpus_start(const struct config_machine *machine)
{
    init_gic(machine);
    firmware_init(machine->psci, machine->psci_hvc);
    if (init_this_cpu() != XI_OK) {
        core_stop("%s: reg: no redistributor or CPU interface for the boot CPU", machine->gic.path);
    }
    cpu_count = machine->cpu_count;
    uint32_t online = 1;
    for (uint32_t i = 1; i < cpu_count; i++) {
        cpus[i].mpidr = machine->cpus[i].mpidr;
        xi_err err = machine->psci ? arch_start_cpu(i) : XI_ERR_UNSUPPORTED;
        if (err == XI_OK) {
            online++;
        } else {
            xi_log("CPU%u (MPIDR 0x%llx) does not start: %s", i, (unsigned long long)cpus[i].mpidr, xi_err_text(err));
        }
    }
    arch_all_cpus_up();
    fit_smallest();
    xi_log("Brought up %u CPUs, of %u address bits", online, stage2_address_bits());
    log_mitigations();
}

void cpus_run(void)
{
    __atomic_store_n(&pools_ready, true, __ATOMIC_RELEASE);
    for (uint32_t i = 1; i < cpu_count; i++) {
        if (cpus[i].online) {
            gic->send_kick(&cpus[i]);
        }
    }
    sched_run();
    arch_enter_guest();
}

void core_main_secondary(void)
{
    if (init_this_cpu() != XI_OK) {
        arch_park(); /* the boot CPU stops waiting for it and says so */
    }
    __atomic_store_n(&this_cpu()->online, true, __ATOMIC_RELEASE);
    while (!__atomic_load_n(&pools_ready, __ATOMIC_ACQUIRE)) {
        arch_idle();
        irq_dispatch();
    }
    arch_init_traps(); /* now that the shape of guests' addresses is known */
    sched_run();
    arch_enter_guest();
}
