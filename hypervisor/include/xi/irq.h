/* SPDX-License-Identifier: Apache-2.0 */
/* Machine interrupts: who gets which. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>

struct domain;
struct vcpu;

#define IRQ_SGI_KICK 0u        /* look at what changed */
#define IRQ_PPI_MAINTENANCE 25u
#define IRQ_PPI_HYP_TIMER 26u
#define IRQ_PPI_VIRTUAL_TIMER 27u
#define IRQ_PPI_PHYSICAL_TIMER 30u

/* Takes everything that is pending on this CPU. */
void irq_dispatch(void);
/* The console's receive interrupt. */
void irq_set_console(uint32_t intid, void (*handler)(void));

/* A shared interrupt of an assigned device becomes that domain's, off for now; boot. XI_ERR_RANGE where the machine has
 * none of that number, XI_ERR_BUSY where it has an owner. */
XI_MUST_CHECK xi_err irq_assign(struct domain *domain, uint32_t intid, bool edge);
/* The rest is for the vGIC, with its lock held. On, taken by the CPU that ran `target` last; where `target` is NULL, by
 * the one that took it before. */
void irq_assigned_enable(uint32_t intid, const struct vcpu *target);
void irq_assigned_disable(uint32_t intid);
/* No longer active: the next one may come. */
void irq_assigned_end(uint32_t intid);
/* Off, neither pending nor active. */
void irq_assigned_reset(uint32_t intid);
/* The interrupt is taken and its priority dropped; false where no domain has it. */
bool irq_assigned_take(uint32_t intid);
