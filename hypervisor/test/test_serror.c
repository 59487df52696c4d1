/* SPDX-License-Identifier: Apache-2.0 */
/* Whose an SError is. */
#include <string.h>

#include <xi/console.h>
#include <xi/cpu.h>
#include <xi/domain.h>
#include <xi/serror.h>
#include <xi/vcpu.h>

#include "test.h"

#define SYNDROME 0xbe000000u

static struct cpu cpu;
static struct domain domains[2];
static struct vcpu vcpus[2] = {{.domain = &domains[0]}, {.domain = &domains[1]}};
static uint32_t crashes[2], lines;

struct cpu *this_cpu(void)
{
    return &cpu;
}

void xi_log(const char *format, ...)
{
    (void)format;
    lines++;
}

void domain_crash(struct domain *domain, const char *why, ...)
{
    (void)why;
    domain->dying = true;
    crashes[domain - domains]++;
}

static void fresh(void)
{
    memset(&cpu, 0, sizeof(cpu));
    memset(domains, 0, sizeof(domains));
    lines = 0;
    memset(crashes, 0, sizeof(crashes));
}

TEST(ends_the_domain_that_left_and_not_the_one_that_runs)
{
    fresh();
    serror_met(&vcpus[0], SYNDROME);
    cpu.current = cpu.loaded = &vcpus[1];
    EXPECT(crashes[0] == 0); /* not under the lock of whoever asks */
    EXPECT(serror_settle());
    EXPECT(crashes[0] == 1 && crashes[1] == 0);
    EXPECT(!serror_settle() && crashes[0] == 1);
}

TEST(blames_nobody_for_nothing)
{
    fresh();
    serror_met(&vcpus[0], 0);
    serror_met(NULL, SYNDROME);
    EXPECT(!serror_settle() && crashes[0] == 0 && lines == 1);
}

TEST(blames_the_first_to_leave)
{
    fresh();
    serror_met(&vcpus[0], SYNDROME);
    serror_met(&vcpus[1], SYNDROME);
    EXPECT(serror_settle());
    EXPECT(crashes[0] == 1 && crashes[1] == 0 && !serror_settle());
}

TEST(ends_no_domain_twice)
{
    fresh();
    domains[0].dying = true;
    serror_met(&vcpus[0], SYNDROME);
    EXPECT(serror_settle());
    EXPECT(crashes[0] == 0 && !serror_settle());
}
