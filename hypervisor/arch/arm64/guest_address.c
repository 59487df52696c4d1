/* SPDX-License-Identifier: Apache-2.0 */
/* Address translation by the guest's own tables, done by the machine (Arm ARM (DDI 0487), AT S1E1R and PAR_EL1). */
#include <stdbool.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/domain.h>
#include <xi/stage2.h>
#include <xi/vcpu.h>

#include <arch/layout.h>
#include <arch/sysreg.h>

#define PAR_FAULT 1ULL
#define PAR_STAGE2 (1ULL << 9)
#define MAX_TRIES 4u
#define PAR_ADDRESS 0x0000fffffffff000ULL

static uint64_t translate(uint64_t va, bool write)
{
    uint64_t guests = sysreg_read(par_el1); /* PAR_EL1 is the guest's too */

    if (write) {
        __asm__ volatile("at s1e1w, %0" : : "r"(va) : "memory");
    } else {
        __asm__ volatile("at s1e1r, %0" : : "r"(va) : "memory");
    }
    isb(); /* the result is there */
    uint64_t par = sysreg_read(par_el1);
    sysreg_write(par_el1, guests);
    return par;
}

xi_err arch_guest_address(uint64_t va, bool write, ipa_t *ipa)
{
    uint64_t par = translate(va, write);

    /* The walk met a stage-2 block while it was being split. */
    for (uint32_t i = 0; i < MAX_TRIES && (par & (PAR_FAULT | PAR_STAGE2)) == (PAR_FAULT | PAR_STAGE2); i++) {
        stage2_settle(&arch_current_vcpu()->domain->stage2);
        par = translate(va, write);
    }
    if ((par & PAR_FAULT) != 0) {
        return XI_ERR_RANGE;
    }
    *ipa = (ipa_t){(par & PAR_ADDRESS) | (va & (PAGE_BYTES - 1))};
    return XI_OK;
}
