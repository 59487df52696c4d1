/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include <xi/console.h>
#include <xi/cpu.h>
#include <xi/domain.h>
#include <xi/serror.h>
#include <xi/vcpu.h>

void serror_met(const struct vcpu *vcpu, uint64_t syndrome)
{
    struct cpu *cpu = this_cpu();

    if (syndrome != 0 && vcpu == NULL) {
        xi_log("SError of no domain, syndrome 0x%llx", (unsigned long long)syndrome);
    }
    /* The first one: whoever was loaded after it has not run yet. */
    if (syndrome != 0 && vcpu != NULL && cpu->blamed == NULL) {
        cpu->blamed = vcpu->domain;
        cpu->serror = syndrome;
    }
}

bool serror_settle(void)
{
    struct cpu *cpu = this_cpu();
    struct domain *domain = cpu->blamed;

    if (domain == NULL) {
        return false;
    }
    cpu->blamed = NULL;
    if (!__atomic_load_n(&domain->dying, __ATOMIC_ACQUIRE)) {
        domain_crash(domain, "SError, syndrome 0x%llx", (unsigned long long)cpu->serror);
    }
    return true;
}
