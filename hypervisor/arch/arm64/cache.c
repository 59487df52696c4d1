/* SPDX-License-Identifier: Apache-2.0 */
/* Caches and the TLB of stage 2. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>

#include <arch/sysreg.h>

static uint64_t line_bytes(void)
{
    return 4ULL << ((sysreg_read(ctr_el0) >> 16) & 15);
}

void arch_cache_flush(const void *va, size_t size)
{
    uint64_t line = line_bytes();
    uint64_t end = (uint64_t)va + size;

    dsb(ish); /* the writes before their lines are cleaned */
    for (uint64_t at = (uint64_t)va & ~(line - 1); at < end; at += line) {
        __asm__ volatile("dc civac, %0" : : "r"(at) : "memory");
    }
    dsb(sy); /* the lines are in memory */
}

void arch_icache_sync(void)
{
    __asm__ volatile("ic ialluis" : : : "memory");
    dsb(ish); /* every CPU has dropped its instructions */
    isb();
}

void arch_stage2_publish(void)
{
    dsb(ishst); /* table writes before walks */
}

/* The flushes act on the VMID in VTTBR_EL2, which may be another domain's just now. */
static uint64_t enter_vmid(uint64_t vttbr)
{
    uint64_t before = sysreg_read(vttbr_el2);

    if (before != vttbr) {
        sysreg_write(vttbr_el2, vttbr);
        isb();
    }
    dsb(ishst); /* table writes before the flush */
    return before;
}

static void leave_vmid(uint64_t before, uint64_t vttbr)
{
    dsb(ish); /* the flush is complete on every CPU */
    isb();
    if (before != vttbr) {
        sysreg_write(vttbr_el2, before);
        isb();
    }
}

void arch_stage2_flush_page(uint64_t vttbr, ipa_t ipa)
{
    uint64_t before = enter_vmid(vttbr);

    __asm__ volatile("tlbi ipas2e1is, %0" : : "r"(ipa.ipa >> 12) : "memory");
    dsb(ish); /* stage 2 entries before those that combine both stages */
    __asm__ volatile("tlbi vmalle1is" : : : "memory");
    leave_vmid(before, vttbr);
}

void arch_stage2_flush_all(uint64_t vttbr)
{
    uint64_t before = enter_vmid(vttbr);

    __asm__ volatile("tlbi vmalls12e1is" : : : "memory");
    leave_vmid(before, vttbr);
}
