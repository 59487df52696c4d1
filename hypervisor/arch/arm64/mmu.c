/* SPDX-License-Identifier: Apache-2.0 */
/* Stage-1 tables of EL2 after boot: the direct map of RAM and the device windows. Nothing mapped here
 * is executable, and nothing is ever unmapped but the identity mapping, so no break-before-make. */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/check.h>

#include <arch/layout.h>
#include <arch/mmu.h>
#include <arch/sysreg.h>

#define ENTRIES 512u
#define POOL_PAGES 64u /* each RAM bank or device needs two at most beyond those it shares */

extern uint64_t boot_l0[ENTRIES];
extern char _start[], _end[];

static uint64_t pool[POOL_PAGES][ENTRIES] __attribute__((aligned(PAGE_BYTES)));
static uint32_t pool_used;
static uint64_t image_pa; /* load address */

void mmu_init(uint64_t load_address)
{
    image_pa = load_address;
}

uint64_t mmu_root(void)
{
    return arch_va_to_pa(boot_l0).pa;
}

void *arch_pa_to_va(pa_t pa)
{
    XI_CHECK(pa.pa < PA_LIMIT);
    return (void *)(VA_DIRECT + pa.pa);
}

pa_t arch_va_to_pa(const void *va)
{
    uint64_t address = (uint64_t)va;

    if (address >= VA_IMAGE) {
        return (pa_t){address - VA_IMAGE + image_pa};
    }
    XI_CHECK(address >= VA_DIRECT && address - VA_DIRECT < PA_LIMIT);
    return (pa_t){address - VA_DIRECT};
}

/* Tables made here lie in the image; those of boot_tables.c too. */
static uint64_t *table_at(uint64_t descriptor)
{
    return (uint64_t *)((descriptor & PTE_ADDRESS) - image_pa + VA_IMAGE);
}

/* The table below `entry`, made if there is none; NULL when the pool is empty. */
static uint64_t *table_below(uint64_t *entry)
{
    if ((*entry & PTE_VALID) == 0) {
        if (pool_used == POOL_PAGES) {
            return NULL;
        }
        uint64_t *table = pool[pool_used++];
        dsb(ishst); /* the empty table before the entry that shows it */
        *entry = arch_va_to_pa(table).pa | PTE_TABLE;
    }
    return table_at(*entry);
}

/* Maps one block or page at va: the largest that alignment and the rest of the range allow. */
static xi_err map_one(uint64_t va, uint64_t pa, uint64_t size, uint64_t attributes, uint64_t *mapped)
{
    uint64_t *table = boot_l0;

    for (uint32_t level = 0;; level++) {
        uint32_t shift = 39 - 9 * level;
        uint64_t span = 1ULL << shift;
        uint64_t *entry = &table[(va >> shift) % ENTRIES];

        if (level > 0 && (*entry & PTE_VALID) == 0 && ((va | pa) & (span - 1)) == 0 && size >= span) {
            *entry = pa | attributes | (level == 3 ? PTE_PAGE : PTE_BLOCK);
            *mapped = span;
            return XI_OK;
        }
        if (level == 3 || (level > 0 && (*entry & 3) == PTE_BLOCK)) {
            *mapped = span - (va & (span - 1)); /* there already */
            return XI_OK;
        }
        table = table_below(entry);
        if (table == NULL) {
            return XI_ERR_NO_MEMORY;
        }
    }
}

static xi_err map_range(uint64_t window, uint64_t pa, uint64_t size, uint64_t attributes)
{
    if (pa >= PA_LIMIT || size > PA_LIMIT - pa) {
        return XI_ERR_RANGE;
    }
    for (uint64_t done = 0; done < size;) {
        uint64_t mapped = 0;
        xi_err err = map_one(window + pa + done, pa + done, size - done, attributes, &mapped);
        if (err != XI_OK) {
            return err;
        }
        done += mapped;
    }
    dsb(ishst); /* the entries before whatever uses them */
    isb();
    return XI_OK;
}

xi_err mmu_map_ram(pa_t start, uint64_t size)
{
    uint64_t image_size = (uint64_t)(_end - _start);
    uint64_t end = start.pa + size;

    if (start.pa > end || end > PA_LIMIT) {
        return XI_ERR_RANGE;
    }
    if (end <= image_pa || start.pa >= image_pa + image_size) {
        return map_range(VA_DIRECT, start.pa, size, PTE_DATA);
    }
    /* The image has its mapping: a writable alias of its text would undo W^X. */
    if (start.pa < image_pa) {
        xi_err err = map_range(VA_DIRECT, start.pa, image_pa - start.pa, PTE_DATA);
        if (err != XI_OK) {
            return err;
        }
    }
    if (end > image_pa + image_size) {
        return map_range(VA_DIRECT, image_pa + image_size, end - image_pa - image_size, PTE_DATA);
    }
    return XI_OK;
}

volatile void *mmu_map_device(pa_t start, uint64_t size)
{
    uint64_t first = start.pa & ~(uint64_t)(PAGE_BYTES - 1);
    uint64_t end = (start.pa + size + PAGE_BYTES - 1) & ~(uint64_t)(PAGE_BYTES - 1);

    if (end <= first || map_range(VA_DEVICES, first, end - first, PTE_DEVICE) != XI_OK) {
        return NULL;
    }
    return (volatile void *)(VA_DEVICES + start.pa);
}

void mmu_drop_identity(void)
{
    boot_l0[image_pa >> 39] = 0;
    dsb(ishst); /* the empty entry before the flush */
    __asm__ volatile("tlbi alle2is" : : : "memory");
    dsb(ish); /* the flush is complete on every CPU */
    isb();
}
