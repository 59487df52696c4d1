/* SPDX-License-Identifier: Apache-2.0 */
/* Address translation by the guest's own tables, done by the machine (DDI 0487, AT S1E1R and PAR_EL1). */
#include <stdbool.h>
#include <stdint.h>

#include <xi/arch.h>

#include <arch/layout.h>
#include <arch/sysreg.h>

#define PAR_FAULT 1ULL
#define PAR_ADDRESS 0x0000fffffffff000ULL

xi_err arch_guest_address(uint64_t va, bool write, ipa_t *ipa)
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
    if ((par & PAR_FAULT) != 0) {
        return XI_ERR_RANGE;
    }
    *ipa = (ipa_t){(par & PAR_ADDRESS) | (va & (PAGE_BYTES - 1))};
    return XI_OK;
}
