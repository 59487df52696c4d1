/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include <fake/machine.h>
#include <xi/arch.h>

uint64_t fake_publishes, fake_page_flushes, fake_full_flushes;
void (*fake_on_flush)(void);

void arch_stage2_publish(void)
{
    fake_publishes++;
}

void arch_stage2_flush_page(uint64_t vttbr, ipa_t ipa)
{
    (void)vttbr;
    (void)ipa;
    fake_page_flushes++;
    if (fake_on_flush != NULL) {
        fake_on_flush();
    }
}

void arch_stage2_flush_all(uint64_t vttbr)
{
    (void)vttbr;
    fake_full_flushes++;
    if (fake_on_flush != NULL) {
        fake_on_flush();
    }
}
