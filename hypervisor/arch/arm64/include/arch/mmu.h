/* SPDX-License-Identifier: Apache-2.0 */
/* Stage-1 translation of EL2: descriptor bits (Arm ARM (DDI 0487), VMSAv8-64 descriptors), and what may be mapped
 * after boot. */
#pragma once

#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/types.h>

#define PTE_TABLE 0x3ULL
#define PTE_PAGE 0x3ULL
#define PTE_BLOCK 0x1ULL
#define PTE_VALID 0x1ULL
#define PTE_ADDRESS 0x0000fffffffff000ULL

#define PTE_AF (1ULL << 10)
#define PTE_INNER (3ULL << 8) /* inner shareable */
#define PTE_AP1 (1ULL << 6)   /* RES1 at EL2 */
#define PTE_RO (1ULL << 7)
#define PTE_XN (1ULL << 54)
#define PTE_GP (1ULL << 50) /* branch targets are guarded, where the CPU can */
#define PTE_ATTR(index) ((uint64_t)(index) << 2)

#define PTE_NORMAL (PTE_AF | PTE_INNER | PTE_AP1 | PTE_ATTR(1))
#define PTE_TEXT (PTE_NORMAL | PTE_RO | PTE_GP)
#define PTE_RODATA (PTE_NORMAL | PTE_RO | PTE_XN)
#define PTE_DATA (PTE_NORMAL | PTE_XN)
#define PTE_DEVICE (PTE_AF | PTE_AP1 | PTE_ATTR(2) | PTE_XN)

/* Where the image lies in machine memory; the direct map leaves it out. */
void mmu_init(uint64_t load_address);
/* Maps [start, start+size), page aligned, into the direct map. XI_ERR_RANGE beyond PA_LIMIT or
 * when the tables run out. */
XI_MUST_CHECK xi_err mmu_map_ram(pa_t start, uint64_t size);
/* Maps device registers, rounded to pages; NULL on the same errors. */
volatile void *mmu_map_device(pa_t start, uint64_t size);
/* Takes the identity mapping away once every CPU runs at its virtual address. */
void mmu_drop_identity(void);
/* Machine address of the top table, for the other CPUs. */
uint64_t mmu_root(void);
