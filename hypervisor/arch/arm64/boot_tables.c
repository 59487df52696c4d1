/* SPDX-License-Identifier: Apache-2.0 */
/* The first translation tables, built with the MMU off: this file runs at the load address, so it
 * touches nothing but addresses relative to the PC, and is compiled without stack protector. */
#include <stdint.h>

#include <arch/layout.h>
#include <arch/mmu.h>

extern char _start[], _text_end[], _rodata_end[], _bss_end[], _stacks[], _end[];

#define TABLE_ENTRIES 512
#define IMAGE_L3_TABLES 4 /* 8 MiB; core.lds asserts it */

/* Shared with mmu.c, which goes on from here. */
uint64_t boot_l0[TABLE_ENTRIES] __attribute__((aligned(PAGE_BYTES)));
static uint64_t identity_l1[TABLE_ENTRIES] __attribute__((aligned(PAGE_BYTES)));
static uint64_t identity_l2[TABLE_ENTRIES] __attribute__((aligned(PAGE_BYTES)));
static uint64_t image_l1[TABLE_ENTRIES] __attribute__((aligned(PAGE_BYTES)));
static uint64_t image_l2[TABLE_ENTRIES] __attribute__((aligned(PAGE_BYTES)));
static uint64_t image_l3[IMAGE_L3_TABLES][TABLE_ENTRIES] __attribute__((aligned(PAGE_BYTES)));

uint64_t boot_tables(uint64_t load);

static uint64_t page_attributes(uint64_t page)
{
    if (page < (uint64_t)_text_end) {
        return PTE_PAGE | PTE_TEXT;
    }
    if (page < (uint64_t)_rodata_end) {
        return PTE_PAGE | PTE_RODATA;
    }
    if (page >= (uint64_t)_stacks && (page - (uint64_t)_stacks) % STACK_STRIDE == 0) {
        return 0; /* guard */
    }
    return PTE_PAGE | PTE_DATA;
}

/* Maps the image page by page at VA_IMAGE, and its first 2 MiB, which hold all code that runs with
 * the MMU off, at their own address. Returns the table's machine address. */
uint64_t boot_tables(uint64_t load)
{
    boot_l0[load >> 39] = (uint64_t)identity_l1 | PTE_TABLE;
    identity_l1[(load >> 30) % TABLE_ENTRIES] = (uint64_t)identity_l2 | PTE_TABLE;
    identity_l2[(load >> 21) % TABLE_ENTRIES] = load | PTE_BLOCK | PTE_TEXT;

    boot_l0[VA_IMAGE >> 39] = (uint64_t)image_l1 | PTE_TABLE;
    image_l1[0] = (uint64_t)image_l2 | PTE_TABLE;
    for (uint64_t i = 0; i < IMAGE_L3_TABLES; i++) {
        image_l2[i] = (uint64_t)image_l3[i] | PTE_TABLE;
    }
    for (uint64_t page = load; page < (uint64_t)_end; page += PAGE_BYTES) {
        uint64_t attributes = page_attributes(page);
        uint64_t index = (page - load) / PAGE_BYTES;
        image_l3[index / TABLE_ENTRIES][index % TABLE_ENTRIES] = attributes == 0 ? 0 : page | attributes;
    }
    return (uint64_t)boot_l0;
}
