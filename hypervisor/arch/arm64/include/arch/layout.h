/* SPDX-License-Identifier: Apache-2.0 */
/* The hypervisor's own address space: 48 bits, translated by TTBR0_EL2 alone.
 * Machine addresses stay below 2^46, so an identity mapping never meets the windows above it.
 * Included by assembly too. */
#pragma once

#define VA_DIRECT 0x400000000000  /* RAM at VA_DIRECT + machine address */
#define VA_DEVICES 0x800000000000 /* device registers at VA_DEVICES + machine address */
#define VA_IMAGE 0xc00000000000   /* the image; core.lds links there */
#define PA_LIMIT 0x400000000000   /* first machine address that the windows cannot show */

#define PAGE_BYTES 4096
#define STACK_BYTES 16384
#define STACK_STRIDE (STACK_BYTES + PAGE_BYTES) /* guard page, then the stack */
#define MAX_CPUS 32

/* struct guest_regs and struct cpu, for assembly; asserted in context.c. */
#define REGS_PC 248
#define CPU_CURRENT 0
#define CPU_STACK_TOP 8
#define CPU_HISTORY_LOOPS 16
#define CPU_ENTRY_CALL 20

/* SPSR_EL2.A: SErrors masked (Arm ARM (DDI 0487), SPSR_EL2). */
#define SPSR_A_BIT 0x100

/* Why a guest was left: second argument of trap_from_guest. */
#define EXIT_SYNC 0
#define EXIT_IRQ 1
#define EXIT_SERROR 2
