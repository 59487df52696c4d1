/* SPDX-License-Identifier: Apache-2.0 */
#include <xi/reserve.h>

static uint32_t count_bits(uint32_t mask)
{
    uint32_t count = 0;

    for (; mask != 0; mask &= mask - 1) {
        count++;
    }
    return count;
}

void reserve_add(struct reserve *reserve, uint64_t budget, uint64_t period, uint32_t affinity, uint32_t pool)
{
    uint64_t share = budget * RESERVE_ONE / period;
    uint32_t on = affinity & pool;

    reserve->sum += share;
    reserve->largest = share > reserve->largest ? share : reserve->largest;
    if (count_bits(on) == 1) {
        reserve->one = true;
        for (uint32_t cpu = 0; cpu < RESERVE_CPUS; cpu++) {
            reserve->on[cpu] += on == 1u << cpu ? share : 0;
        }
    } else if (on == pool) {
        reserve->anywhere = true;
    } else {
        reserve->somewhere = true;
    }
}

enum reserve_verdict reserve_judge(const struct reserve *reserve, uint32_t pool)
{
    uint64_t cpus = count_bits(pool);

    if (reserve->somewhere || (reserve->anywhere && reserve->one)) {
        return RESERVE_MIXED;
    }
    if (reserve->anywhere) {
        return reserve->sum + (cpus - 1) * reserve->largest <= cpus * RESERVE_ONE ? RESERVE_FITS : RESERVE_TOO_MUCH;
    }
    for (uint32_t cpu = 0; cpu < RESERVE_CPUS; cpu++) {
        if (reserve->on[cpu] > RESERVE_ONE) {
            return RESERVE_TOO_MUCH;
        }
    }
    return RESERVE_FITS;
}
