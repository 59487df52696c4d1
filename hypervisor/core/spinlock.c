/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

#include <xi/arch.h>
#include <xi/check.h>
#include <xi/spinlock.h>

#define SPIN_LIMIT 1000000000u

void spin_lock(spinlock_t *lock)
{
    uint32_t ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);

    for (uint32_t spins = 0; __atomic_load_n(&lock->serving, __ATOMIC_ACQUIRE) != ticket; spins++) {
        if (spins == SPIN_LIMIT) {
            xi_panic("a lock is never released");
        }
        arch_relax();
    }
}

void spin_unlock(spinlock_t *lock)
{
    __atomic_store_n(&lock->serving, lock->serving + 1, __ATOMIC_RELEASE);
}
