/* SPDX-License-Identifier: Apache-2.0 */
/* The stub's header (plan.h), the EFI entry point, and the last steps. Firmware enters with the MMU on, each address its
 * own: nothing moves under the code that turns it off. */
    .section .head, "ax"
    .global stub_header
stub_header:
    .ascii  "XIEFI\0\0\001"
    .long   1                       /* version */
    .long   64                      /* bytes of this header */
    .long   64                      /* entry point: right behind it */
    .long   _text_size
    .long   _rodata_offset
    .long   _rodata_size
    .quad   0, 0, 0, 0              /* image_size, plan_offset, plan_size: the packer's; reserved */

/* x0 = image handle, x1 = system table. */
    .global efi_entry
efi_entry:
    bti     c
    adrp    x2, stub_header
    add     x2, x2, :lo12:stub_header
    b       stub_main

/* x0 = entry, x1 = device tree. Interrupts are masked. */
    .section .text.machine_start, "ax"
    .global machine_start
machine_start:
    bti     c
    ic      iallu
    dsb     sy
    isb
    mrs     x2, sctlr_el2
    mov     x3, #(1 << 12 | 1 << 2 | 1 << 0)    /* I, C, M */
    bic     x2, x2, x3
    msr     sctlr_el2, x2
    isb
    tlbi    alle2
    dsb     nsh
    ic      iallu                   /* what was fetched while the caches were on */
    dsb     nsh
    isb
    /* The firmware's timers, and its claim on exceptions of EL1 (HCR_EL2.TGE): only RW stays. */
    msr     cntp_ctl_el0, xzr
    msr     cntv_ctl_el0, xzr
    msr     cnthp_ctl_el2, xzr
    mov     x2, #(1 << 31)
    msr     hcr_el2, x2
    isb
    mov     x4, x0
    mov     x0, x1
    mov     x1, xzr
    mov     x2, xzr
    mov     x3, xzr
    br      x4
