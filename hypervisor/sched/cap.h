/* SPDX-License-Identifier: Apache-2.0 */
/* Caps of domains, for credit2 alone. All with the pool's lock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct cpu;
struct cpupool;
struct domain;
struct vcpu;

void sched_cap_init(struct domain *domain);
/* Accounts of all capped domains until now; before the others. */
void sched_cap_settle(struct cpupool *pool, uint64_t now);
/* Its domain has time left in this period. */
bool sched_cap_allows(const struct vcpu *vcpu);
/* When this CPU, which runs `next` (NULL: nobody), must look again because of caps; `until` where that is earlier and
 * not 0. `fresh`: it did not run just now, and those CPUs that run its domain too must look. */
uint64_t sched_cap_until(const struct cpupool *pool, const struct cpu *cpu, const struct vcpu *next, bool fresh,
                         uint64_t now, uint64_t until);
