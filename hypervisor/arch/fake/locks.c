/* SPDX-License-Identifier: Apache-2.0 */
/* One thread: a lock that is taken twice is a mistake. */
#include <stdlib.h>

#include <xi/spinlock.h>

void spin_lock(spinlock_t *lock)
{
    if (lock->next != lock->serving) {
        abort();
    }
    lock->next++;
}

void spin_unlock(spinlock_t *lock)
{
    lock->serving++;
}
