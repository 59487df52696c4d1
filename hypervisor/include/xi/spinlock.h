/* SPDX-License-Identifier: Apache-2.0 */
/* Ticket locks. The hypervisor runs with interrupts masked, so a lock never needs to save them, and a
 * holder is never interrupted: a lock that stays taken is our bug, found by the spin limit. */
#pragma once

#include <stdint.h>

typedef struct {
    uint32_t next;    /* ticket that the next waiter draws */
    uint32_t serving; /* ticket that may enter */
} spinlock_t;

#define SPINLOCK_INIT { 0, 0 }

/* Waits its turn; panics after a wait that no correct holder can cause. */
void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
