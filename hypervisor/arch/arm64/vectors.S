/* SPDX-License-Identifier: Apache-2.0 */
/* Exception vectors of EL2, the way out of a guest and back. The stack is empty while a guest runs;
 * the guest's general registers go to its struct vcpu, which begins with struct guest_regs. */
#include <arch/layout.h>

.macro from_hypervisor kind
    .balign 128
    mov     x0, #\kind
    b       dead
.endm

/* An SError in the hypervisor: expected within the window of arch_take_serror alone, which gets its syndrome, and masked
 * again there, so that one that lasts is no loop. */
.macro serror_from_hypervisor
    .balign 128
    mrs     x0, elr_el2
    adr     x1, serror_window
    sub     x1, x0, x1
    cmp     x1, #serror_window_end - serror_window
    b.hi    1f
    mrs     x1, spsr_el2
    orr     x1, x1, #SPSR_A_BIT
    msr     spsr_el2, x1
    mrs     x0, esr_el2
    eret
    dsb     nsh                     /* nothing is speculated past the ERET */
    isb
1:  mov     x0, #3
    b       dead
.endm

/* How an entry from a guest begins, before the first branch that a prediction could lead astray. The numbers are this
 * CPU's own; loads are no branches. */
.macro plain
.endm

.macro loop                         /* CVE-2022-23960: our own branches replace the guest's in the history */
    mrs     x0, tpidr_el2
    ldr     w0, [x0, #CPU_HISTORY_LOOPS]
1:  b       2f
2:  subs    w0, w0, #1
    b.ne    1b
    dsb     nsh                     /* nothing after the loop runs ahead of it */
    isb
.endm

.macro clear                        /* the same, by CLRBHB, which older assemblers do not know */
    hint    #22
    isb
.endm

.macro firmware                     /* SMCCC 1.1: x0 to x3 are the call's */
    stp     x2, x3, [sp, #-16]!
    mrs     x0, tpidr_el2
    ldr     w0, [x0, #CPU_ENTRY_CALL]
    smc     #0
    ldp     x2, x3, [sp], #16
.endm

.macro from_guest begin, kind
    .balign 128
    stp     x0, x1, [sp, #-16]!
    \begin
    mov     x1, #\kind
    b       leave_guest
.endm

.macro vector_table name, begin
    .balign 2048
    .global \name
\name:
    from_hypervisor 0               /* EL2 with SP_EL0: never used */
    from_hypervisor 1
    from_hypervisor 2
    from_hypervisor 3
    from_hypervisor 0               /* EL2 itself: interrupts are masked, so each one is our bug */
    from_hypervisor 1
    from_hypervisor 2
    serror_from_hypervisor
    from_guest \begin, EXIT_SYNC    /* lower, AArch64 */
    from_guest \begin, EXIT_IRQ
    from_guest \begin, EXIT_IRQ     /* FIQ: nothing routes one here; acknowledged like an IRQ */
    from_guest \begin, EXIT_SERROR
    from_guest \begin, EXIT_SYNC    /* lower, AArch32: a 32-bit program of the guest */
    from_guest \begin, EXIT_IRQ
    from_guest \begin, EXIT_IRQ
    from_guest \begin, EXIT_SERROR
    .balign 128
.endm

    .text
    vector_table vectors, plain
    vector_table vectors_loop, loop
    vector_table vectors_clear, clear
    vector_table vectors_firmware, firmware

leave_guest:
    mrs     x0, tpidr_el2
    ldr     x0, [x0, #CPU_CURRENT]
    stp     x2, x3, [x0, #16]
    stp     x4, x5, [x0, #32]
    stp     x6, x7, [x0, #48]
    stp     x8, x9, [x0, #64]
    stp     x10, x11, [x0, #80]
    stp     x12, x13, [x0, #96]
    stp     x14, x15, [x0, #112]
    stp     x16, x17, [x0, #128]
    stp     x18, x19, [x0, #144]
    stp     x20, x21, [x0, #160]
    stp     x22, x23, [x0, #176]
    stp     x24, x25, [x0, #192]
    stp     x26, x27, [x0, #208]
    stp     x28, x29, [x0, #224]
    ldp     x2, x3, [sp], #16
    stp     x2, x3, [x0]
    mrs     x2, elr_el2
    mrs     x3, spsr_el2
    stp     x30, x2, [x0, #240]
    str     x3, [x0, #REGS_PC + 8]
    mov     x29, xzr
    mov     x30, xzr
    bl      trap_from_guest

    /* Enters the guest that is current on this CPU. */
enter_guest:
    mrs     x0, tpidr_el2
    ldr     x0, [x0, #CPU_CURRENT]
    ldp     x30, x2, [x0, #240]
    ldr     x3, [x0, #REGS_PC + 8]
    msr     elr_el2, x2
    msr     spsr_el2, x3
    ldp     x28, x29, [x0, #224]
    ldp     x26, x27, [x0, #208]
    ldp     x24, x25, [x0, #192]
    ldp     x22, x23, [x0, #176]
    ldp     x20, x21, [x0, #160]
    ldp     x18, x19, [x0, #144]
    ldp     x16, x17, [x0, #128]
    ldp     x14, x15, [x0, #112]
    ldp     x12, x13, [x0, #96]
    ldp     x10, x11, [x0, #80]
    ldp     x8, x9, [x0, #64]
    ldp     x6, x7, [x0, #48]
    ldp     x4, x5, [x0, #32]
    ldp     x2, x3, [x0, #16]
    ldp     x0, x1, [x0]
    eret
    dsb     nsh                     /* nothing is speculated past the ERET */
    isb

/* Empties this CPU's stack and enters its current guest for the first time. */
    .global arch_enter_guest
arch_enter_guest:
    bti     c
    mrs     x0, tpidr_el2
    ldr     x1, [x0, #CPU_STACK_TOP]
    mov     sp, x1
    b       enter_guest

/* uint64_t arch_take_serror(void): lets an SError in that waits, or that an access before causes. Its syndrome, or 0. The
 * registers of the last exception are lost. */
    .global arch_take_serror
arch_take_serror:
    bti     c
    dsb     sy                      /* what was accessed has answered */
    mov     x0, xzr
    msr     daifclr, #4
serror_window:
    hint    #16                     /* ESB: with RAS, errors of the accesses before are pending now */
    isb                             /* what is pending is taken here at the latest */
serror_window_end:
    msr     daifset, #4
    ret

/* An exception in the hypervisor. If the stack is the cause, the report needs another one. */
dead:
    mrs     x1, esr_el2
    mrs     x2, far_el2
    mrs     x3, elr_el2
    mov     x4, x30
    mov     x5, sp
    ldr     x6, =dead_stack_top
    mov     sp, x6
    mov     x29, xzr
    bl      trap_from_hypervisor
1:  wfe
    b       1b
    .ltorg

    .section .bss
    .balign 16
    .space  8192
dead_stack_top:
