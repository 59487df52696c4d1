/* SPDX-License-Identifier: Apache-2.0 */
/* The image's two headers and its first steps. Entered at EL2 with the MMU off and x0 = device tree
 * (Linux, Documentation/arm64/booting.rst), at any 2 MiB-aligned machine address. */
#include <arch/layout.h>

    .section .head, "ax"
    .global _start
_start:
    b       boot_primary            /* code0 */
    .long   0                       /* code1 */
    .quad   0                       /* text_offset: a 2 MiB boundary itself */
    .quad   _image_size             /* image_size, BSS and stacks counted */
    .quad   0xa                     /* flags: little endian, 4 KiB pages, anywhere in memory */
    .quad   0, 0, 0
    .ascii  "ARM\x64"
    .long   0                       /* no PE header */

    /* xi/boot_header.h; the packer fills what follows the size. */
    .global boot_header
boot_header:
    .ascii  "XENIMG\0\001"
    .long   2                       /* version */
    .long   88                      /* bytes of this header */
    .quad   0, 0, 0, 0              /* link_address, total_size, dtb_offset, dtb_size */
    .quad   0                       /* table_size */
    .space  32                      /* table_sha256 */

    .section .text.boot, "ax"

/* Leaves the registers of EL2 in a known state: MMU off, little endian, EL1 is AArch64. */
.macro known_el2 tmp
    mrs     \tmp, CurrentEL
    cmp     \tmp, #(2 << 2)
    b.ne    boot_park
    msr     daifset, #0xf
    msr     spsel, #1
    ldr     \tmp, =0x30c50830       /* SCTLR_EL2: RES1 bits only */
    msr     sctlr_el2, \tmp
    mov     \tmp, #(1 << 31)        /* HCR_EL2.RW */
    msr     hcr_el2, \tmp
    mov     \tmp, #0x33ff           /* CPTR_EL2: RES1 bits only, so that FP and SIMD are ours */
    msr     cptr_el2, \tmp
    isb
.endm

/* Turns the MMU on with the tables at x0 and goes on at the virtual address in x1. */
.macro mmu_on_at
    ldr     x2, =0x04ff00           /* MAIR: 0 device nGnRnE, 1 normal write-back, 2 device nGnRE */
    msr     mair_el2, x2
    msr     ttbr0_el2, x0
    mrs     x3, id_aa64mmfr0_el1
    and     x3, x3, #7              /* PARange, at most 48 bits without LPA */
    cmp     x3, #5
    mov     x4, #5
    csel    x3, x3, x4, lo
    ldr     x2, =0x80803510         /* TCR: RES1, T0SZ 16, inner shareable write-back walks, 4 KiB */
    orr     x2, x2, x3, lsl #16     /* PS */
    msr     tcr_el2, x2
    isb
    tlbi    alle2
    dsb     nsh
    ic      iallu
    dsb     nsh
    isb
    ldr     x2, =0x1030cd183d       /* SCTLR: RES1, WXN, BT, M, C, I, SA */
    msr     sctlr_el2, x2
    isb
    br      x1
.endm

boot_primary:
    known_el2 x9
    mov     x20, x0
    adrp    x21, _start

    /* BSS and stacks were never loaded. Lines that a cache may hold are dropped after the writes,
     * which went past it. */
    adrp    x0, _bss_start
    adrp    x1, _end
    mov     x2, x0
1:  stp     xzr, xzr, [x2], #16
    cmp     x2, x1
    b.lo    1b
    bl      boot_invalidate

    adrp    x0, _stacks + STACK_STRIDE
    mov     sp, x0
    mov     x0, x21
    bl      boot_tables             /* x0 = machine address of the table */
    mov     x22, x0
    adrp    x0, _bss_start
    adrp    x1, _end
    bl      boot_invalidate

    mov     x0, x22
    ldr     x1, =boot_primary_mapped
    mmu_on_at

boot_primary_mapped:
    bti     j
    ldr     x0, =_stacks + STACK_STRIDE
    mov     sp, x0
    adr     x0, vectors
    msr     vbar_el2, x0
    isb
    mov     x29, xzr
    mov     x30, xzr
    mov     x0, x20
    mov     x1, x21
    bl      arch_boot
    b       boot_park

/* PSCI CPU_ON enters here with x0 = machine address of a struct boot_cpu: table, virtual address of
 * the CPU's struct, which knows its stack. */
    .global boot_secondary
boot_secondary:
    known_el2 x9
    ldp     x5, x6, [x0]
    mov     x0, x5
    ldr     x1, =boot_secondary_mapped
    mmu_on_at

boot_secondary_mapped:
    bti     j
    ldr     x0, [x6, #CPU_STACK_TOP]
    mov     sp, x0
    adr     x0, vectors
    msr     vbar_el2, x0
    isb
    mov     x29, xzr
    mov     x30, xzr
    mov     x0, x6
    bl      arch_boot_secondary
    /* fall through: it does not return */

boot_park:
    wfe
    b       boot_park

/* Drops cached lines of [x0, x1) to the point of coherency. Changes x2 to x4. */
boot_invalidate:
    dsb     sy
    mrs     x2, ctr_el0
    ubfx    x2, x2, #16, #4         /* DminLine: log2 of words */
    mov     x3, #4
    lsl     x3, x3, x2
1:  dc      ivac, x0
    add     x0, x0, x3
    cmp     x0, x1
    b.lo    1b
    dsb     sy
    ret
    .ltorg
