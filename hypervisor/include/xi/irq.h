/* SPDX-License-Identifier: Apache-2.0 */
/* Machine interrupts: who gets which. */
#pragma once

#include <stdint.h>

#define IRQ_SGI_KICK 0u        /* look at what changed */
#define IRQ_PPI_MAINTENANCE 25u
#define IRQ_PPI_HYP_TIMER 26u
#define IRQ_PPI_VIRTUAL_TIMER 27u
#define IRQ_PPI_PHYSICAL_TIMER 30u

/* Takes everything that is pending on this CPU. */
void irq_dispatch(void);
/* The console's receive interrupt. */
void irq_set_console(uint32_t intid, void (*handler)(void));
