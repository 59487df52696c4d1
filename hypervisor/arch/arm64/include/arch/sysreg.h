/* SPDX-License-Identifier: Apache-2.0 */
/* System registers and their fields, named as in the Arm Architecture Reference Manual, the Arm ARM (DDI 0487). */
#pragma once

#include <stdint.h>

#define SYSREG_NAME(name) #name /* of what a macro below expands to */
#define sysreg_read(name)                                                     \
    ({                                                                        \
        uint64_t sysreg_value_;                                               \
        __asm__ volatile("mrs %0, " SYSREG_NAME(name) : "=r"(sysreg_value_)); \
        sysreg_value_;                                                        \
    })
#define sysreg_write(name, value)                                                                  \
    do {                                                                                           \
        __asm__ volatile("msr " SYSREG_NAME(name) ", %x0" : : "rZ"((uint64_t)(value)) : "memory"); \
    } while (0)

static inline void isb(void)
{
    __asm__ volatile("isb" : : : "memory");
}
#define dsb(scope) __asm__ volatile("dsb " #scope : : : "memory")
#define dmb(scope) __asm__ volatile("dmb " #scope : : : "memory")

/* GICv3 CPU and virtual interface registers, by encoding: older assemblers do not know their names. */
#define ICC_SRE_EL2 S3_4_C12_C9_5
#define ICC_CTLR_EL1 S3_0_C12_C12_4
#define ICC_PMR_EL1 S3_0_C4_C6_0
#define ICC_BPR1_EL1 S3_0_C12_C12_3
#define ICC_IGRPEN1_EL1 S3_0_C12_C12_7
#define ICC_IAR1_EL1 S3_0_C12_C12_0
#define ICC_EOIR1_EL1 S3_0_C12_C12_1
#define ICC_DIR_EL1 S3_0_C12_C11_1
#define ICC_SGI1R_EL1 S3_0_C12_C11_5
#define ICC_SRE_EL1 S3_0_C12_C12_5
#define ICH_HCR_EL2 S3_4_C12_C11_0
#define ICH_VTR_EL2 S3_4_C12_C11_1
#define ICH_VMCR_EL2 S3_4_C12_C11_7
#define ICH_AP0R0_EL2 S3_4_C12_C8_0
#define ICH_AP1R0_EL2 S3_4_C12_C9_0
#define ICH_AP0R1_EL2 S3_4_C12_C8_1
#define ICH_AP1R1_EL2 S3_4_C12_C9_1
#define ICH_AP0R2_EL2 S3_4_C12_C8_2
#define ICH_AP1R2_EL2 S3_4_C12_C9_2
#define ICH_AP0R3_EL2 S3_4_C12_C8_3
#define ICH_AP1R3_EL2 S3_4_C12_C9_3

/* ID registers that the assembler only knows with later architectures. */
#define ID_AA64SMFR0_EL1 S3_0_C0_C4_5
#define ID_AA64ISAR2_EL1 S3_0_C0_C6_2
#define ID_AA64ZFR0_EL1 S3_0_C0_C4_4

/* RAS: what DISR_EL1 is to a guest. */
#define VDISR_EL2 S3_4_C12_C1_1
/* SME */
#define TPIDR2_EL0 S3_3_C13_C0_5

#define ISR_I (1ULL << 7) /* of ISR_EL1: an IRQ is pending */

#define HCR_VM (1ULL << 0)     /* stage 2 on */
#define HCR_SWIO (1ULL << 1)   /* DC ISW acts as DC CISW */
#define HCR_PTW (1ULL << 2)    /* table walks never reach device memory */
#define HCR_FMO (1ULL << 3)    /* FIQ, */
#define HCR_IMO (1ULL << 4)    /* IRQ, */
#define HCR_AMO (1ULL << 5)    /* SError come to EL2; virtual ones reach EL1 */
#define HCR_FB (1ULL << 9)     /* TLB maintenance is broadcast */
#define HCR_BSU_IS (1ULL << 10) /* barriers reach the inner shareable domain */
#define HCR_TWI (1ULL << 13)   /* trap WFI */
#define HCR_TID3 (1ULL << 18)  /* trap ID registers */
#define HCR_TSC (1ULL << 19)   /* trap SMC */
#define HCR_TIDCP (1ULL << 20) /* trap implementation defined registers */
#define HCR_TACR (1ULL << 21)  /* trap ACTLR_EL1 */
#define HCR_RW (1ULL << 31)    /* EL1 is AArch64 */
#define HCR_TLOR (1ULL << 35)  /* trap limited ordering regions */
#define HCR_TERR (1ULL << 36)  /* trap RAS error records */

#define CPTR_TAM (1ULL << 30)  /* trap activity monitors */
#define CPTR_TTA (1ULL << 20)  /* trap trace registers */
#define CPTR_TSM (1ULL << 12)  /* trap SME; RES1 without */
#define CPTR_TZ (1ULL << 8)    /* trap SVE; RES1 without */
#define CPTR_RES1 0x22ffULL    /* the bits that are RES1 in every version */

#define MDCR_TPM (1ULL << 6)   /* trap performance monitors */
#define MDCR_TPMCR (1ULL << 5)
#define MDCR_TDA (1ULL << 9)   /* trap debug registers */
#define MDCR_TDOSA (1ULL << 10)
#define MDCR_TDRA (1ULL << 11)
#define MDCR_TPMS (1ULL << 14) /* trap statistical profiling */
#define MDCR_TTRF (1ULL << 19) /* trap trace filters */

#define CNTHCTL_EL1PCTEN (1ULL << 0) /* EL1 reads the physical counter */
#define TIMER_CTL_ENABLE (1ULL << 0)
#define TIMER_CTL_IMASK (1ULL << 1)
#define TIMER_CTL_ISTATUS (1ULL << 2)

#define SPSR_EL1H 0x5ULL
#define SPSR_EL0T 0x0ULL
#define SPSR_MODE 0xfULL
#define SPSR_M4 (1ULL << 4) /* AArch32 */
#define SPSR_IT_LOW 25  /* AArch32: IT[1:0], */
#define SPSR_IT_HIGH 10 /* IT[7:2] */
#define SPSR_F (1ULL << 6)
#define SPSR_I (1ULL << 7)
#define SPSR_A (1ULL << 8)
#define SPSR_D (1ULL << 9)
#define SPSR_SSBS (1ULL << 12)
#define SPSR_SS (1ULL << 21)
#define SPSR_PAN (1ULL << 22)
#define SPSR_DIT (1ULL << 24)

/* SCTLR_EL1 with the MMU and caches off: its RES1 bits. */
#define SCTLR_EL1_RESET 0x30d00800ULL
#define SCTLR_EL1_SPAN (1ULL << 23)
#define SCTLR_EL1_DSSBS (1ULL << 44)

#define ESR_EC(esr) (((esr) >> 26) & 0x3f)
#define ESR_IL (1ULL << 25)
#define ESR_ISS(esr) ((esr) & 0x1ffffff)
