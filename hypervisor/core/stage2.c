/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

#include <xi/arch.h>
#include <xi/bits.h>
#include <xi/check.h>
#include <xi/spinlock.h>
#include <xi/stage2.h>
#include <xi/string.h>

/* Arm ARM (DDI 0487), VTCR_EL2. */
#define VTCR_T0SZ(bits) (64ull - (bits))
#define VTCR_SL0_LEVEL1 (1ull << 6)
#define VTCR_SL0_LEVEL0 (2ull << 6)
#define VTCR_IRGN0_WBWA (1ull << 8)
#define VTCR_ORGN0_WBWA (1ull << 10)
#define VTCR_SH0_INNER (3ull << 12)
#define VTCR_PS(code) ((uint64_t)(code) << 16)
#define VTCR_RES1 XI_BIT(31)
#define VTTBR_VMID(vmid) ((uint64_t)(vmid) << 48)

/* Arm ARM (DDI 0487), VMSAv8-64 stage 2 descriptors. */
#define VALID XI_BIT(0)
#define TABLE_OR_PAGE XI_BIT(1)
#define ADDRESS XI_FIELD(12, 36)
#define MEMATTR_NORMAL_WB (0xfull << 2)
#define MEMATTR_DEVICE_NGNRNE 0ull /* a write is done when the device has answered: its error is not a later guest's */
#define S2AP_READ (1ull << 6)
#define S2AP_RW (3ull << 6)
#define SH_INNER (3ull << 8)
#define ACCESS_FLAG XI_BIT(10)
#define XN XI_BIT(54)
#define FOREIGN XI_BIT(55) /* for software's use: another domain's page */

#define ENTRIES 512u
#define LAST_LEVEL 3u
#define LEVEL1_BITS 39u    /* that one level 1 table resolves */
#define MAX_CONCATENATED 4 /* bits: 16 tables */
#define MAX_BITS 48u

static uint32_t address_bits = 40;

void stage2_set_address_bits(uint32_t bits)
{
    address_bits = bits < MAX_BITS ? bits : MAX_BITS;
}

uint32_t stage2_address_bits(void)
{
    return address_bits;
}

/* Level 1, with concatenated tables, as far as that reaches: a level less to walk. */
static uint32_t start_level(void)
{
    return address_bits <= LEVEL1_BITS + MAX_CONCATENATED ? 1 : 0;
}

static uint32_t shift_of(uint32_t level)
{
    return 12 + 9 * (LAST_LEVEL - level);
}

static uint64_t size_of(uint32_t level)
{
    return 1ull << shift_of(level);
}

static uint64_t root_size(void)
{
    uint64_t entries = 1ull << (address_bits - shift_of(start_level()));

    return xi_align_up(entries * sizeof(uint64_t), XI_PAGE);
}

uint64_t stage2_vtcr(void)
{
    /* PS: ID_AA64MMFR0_EL1.PARange's codes. */
    static const uint8_t bits_of[] = {32, 36, 40, 42, 44, 48};
    uint32_t code = 0;

    while (code + 1 < sizeof(bits_of) && bits_of[code] < address_bits) {
        code++;
    }
    return VTCR_RES1 | VTCR_PS(code) | VTCR_SH0_INNER | VTCR_ORGN0_WBWA | VTCR_IRGN0_WBWA |
           (start_level() == 0 ? VTCR_SL0_LEVEL0 : VTCR_SL0_LEVEL1) | VTCR_T0SZ(address_bits);
}

uint64_t stage2_vttbr(const struct stage2 *stage2)
{
    return stage2->root.pa | VTTBR_VMID(stage2->vmid);
}

uint64_t stage2_pool_align(void)
{
    return root_size();
}

/* Tables that a bank needs at most on one level, each of which spans `span` bytes: one at each end where whole
 * blocks of that size fit in between, else one for each span that it touches. */
static uint64_t tables_for(const struct guest_bank *bank, uint64_t span)
{
    uint64_t first = bank->guest.ipa / span, last = (bank->guest.ipa + bank->size - 1) / span;
    bool blocks = bank->guest.ipa % span == bank->machine.pa % span;

    return blocks && last - first >= 2 ? 2 : last - first + 1;
}

uint64_t stage2_pool_size(const struct guest_bank *banks, uint32_t count, uint32_t spare)
{
    uint64_t tables = (uint64_t)spare * (LAST_LEVEL - start_level());

    for (uint32_t i = 0; i < count; i++) {
        if (banks[i].size == 0) {
            continue;
        }
        tables += tables_for(&banks[i], size_of(2)) + tables_for(&banks[i], size_of(1));
        if (start_level() == 0) {
            tables += (banks[i].guest.ipa + banks[i].size - 1) / size_of(0) - banks[i].guest.ipa / size_of(0) + 1;
        }
    }
    return root_size() + tables * XI_PAGE;
}

xi_err stage2_init(struct stage2 *stage2, uint16_t vmid, struct pa_range pool)
{
    if (!xi_is_aligned(pool.start.pa, stage2_pool_align()) || !xi_is_aligned(pool.size, XI_PAGE)) {
        return XI_ERR_ALIGN;
    }
    if (pool.size < root_size()) {
        return XI_ERR_NO_MEMORY;
    }
    *stage2 = (struct stage2){.root = pool.start, .vmid = vmid, .pool = pool};
    stage2_clear(stage2);
    return XI_OK;
}

void stage2_clear(struct stage2 *stage2)
{
    spin_lock(&stage2->lock);
    memset(arch_pa_to_va(stage2->root), 0, root_size());
    arch_stage2_publish(); /* the empty root before the flush below */
    arch_stage2_flush_all(stage2_vttbr(stage2));
    stage2->used = root_size();
    spin_unlock(&stage2->lock);
}

static uint64_t *entries_of(uint64_t descriptor)
{
    return arch_pa_to_va((pa_t){descriptor & ADDRESS});
}

/* Another CPU may walk while we write: one store each. */
static void write_entry(uint64_t *entry, uint64_t value)
{
    __atomic_store_n(entry, value, __ATOMIC_RELAXED);
    arch_stage2_publish(); /* the entry before whatever walks it */
}

static bool is_table(uint64_t descriptor, uint32_t level)
{
    return level < LAST_LEVEL && (descriptor & (VALID | TABLE_OR_PAGE)) == (VALID | TABLE_OR_PAGE);
}

static uint64_t leaf(uint32_t level, uint64_t machine, uint64_t attributes)
{
    return machine | attributes | VALID | (level == LAST_LEVEL ? TABLE_OR_PAGE : 0);
}

static uint64_t *entry_at(uint64_t *table, uint32_t level, uint64_t guest)
{
    uint64_t index = guest >> shift_of(level);

    return &table[level == start_level() ? index : index % ENTRIES];
}

/* A page of the pool for a table, filled with what stood at `old`: nothing, or a block in smaller blocks. */
static xi_err new_table(struct stage2 *stage2, uint64_t old, uint32_t level, uint64_t *descriptor)
{
    if (stage2->pool.size - stage2->used < XI_PAGE) {
        return XI_ERR_NO_MEMORY;
    }
    pa_t page = {stage2->pool.start.pa + stage2->used};
    uint64_t *table = arch_pa_to_va(page);
    uint64_t attributes = old & ~(ADDRESS | VALID | TABLE_OR_PAGE);

    stage2->used += XI_PAGE;
    for (uint32_t i = 0; i < ENTRIES; i++) {
        table[i] = (old & VALID) == 0
                       ? 0
                       : leaf(level + 1, (old & ADDRESS) + i * size_of(level + 1), attributes);
    }
    arch_stage2_publish(); /* the table's content before the entry that leads to it */
    *descriptor = page.pa | VALID | TABLE_OR_PAGE;
    return XI_OK;
}

/* Makes `entry` invalid for every CPU (break-before-make). */
static void break_entry(struct stage2 *stage2, uint64_t *entry, uint32_t level, uint64_t guest)
{
    bool table = is_table(*entry, level);

    write_entry(entry, 0);
    if (table) {
        arch_stage2_flush_all(stage2_vttbr(stage2)); /* every page below */
    } else {
        arch_stage2_flush_page(stage2_vttbr(stage2), (ipa_t){xi_align_down(guest, size_of(level))});
    }
}

/* The entry for `guest` on `level`, with tables above it as needed. */
static xi_err descend(struct stage2 *stage2, uint64_t guest, uint32_t level, uint64_t **entry)
{
    uint64_t *table = arch_pa_to_va(stage2->root);

    for (uint32_t at = start_level(); at < level; at++) {
        uint64_t *above = entry_at(table, at, guest), descriptor = *above;
        if (!is_table(descriptor, at)) {
            xi_err err = new_table(stage2, descriptor, at, &descriptor);
            if (err != XI_OK) {
                return err;
            }
            if ((*above & VALID) != 0) {
                break_entry(stage2, above, at, guest);
            }
            write_entry(above, descriptor);
        }
        table = entries_of(descriptor);
    }
    *entry = entry_at(table, level, guest);
    return XI_OK;
}

/* The level of the largest block that begins at both addresses and fits. */
static uint32_t block_level(uint64_t guest, uint64_t machine, uint64_t size)
{
    uint32_t level = 1; /* there are no blocks on level 0 */

    while (level < LAST_LEVEL && (!xi_is_aligned(guest | machine, size_of(level)) || size < size_of(level))) {
        level++;
    }
    return level;
}

static xi_err check_range(uint64_t guest, uint64_t machine, uint64_t size)
{
    if (!xi_is_aligned(guest | machine | size, XI_PAGE)) {
        return XI_ERR_ALIGN;
    }
    return range_fits(guest, size, 1ull << address_bits) && range_fits(machine, size, 1ull << MAX_BITS) ? XI_OK
                                                                                                        : XI_ERR_RANGE;
}

static xi_err map_one(struct stage2 *stage2, uint64_t guest, uint32_t level, uint64_t descriptor)
{
    uint64_t *entry;
    xi_err err = descend(stage2, guest, level, &entry);

    if (err != XI_OK) {
        return err;
    }
    if ((*entry & VALID) != 0) {
        if (*entry == descriptor) {
            return XI_OK;
        }
        break_entry(stage2, entry, level, guest);
    }
    write_entry(entry, descriptor);
    return XI_OK;
}

xi_err stage2_map(struct stage2 *stage2, ipa_t guest, pa_t machine, uint64_t size, enum stage2_kind kind)
{
    static const uint64_t attributes_of[] = {
        [STAGE2_RAM] = MEMATTR_NORMAL_WB | S2AP_RW | SH_INNER | ACCESS_FLAG,
        [STAGE2_DEVICE] = MEMATTR_DEVICE_NGNRNE | S2AP_RW | ACCESS_FLAG | XN,
        [STAGE2_FOREIGN] = MEMATTR_NORMAL_WB | S2AP_RW | SH_INNER | ACCESS_FLAG | XN | FOREIGN,
        [STAGE2_FOREIGN_READONLY] = MEMATTR_NORMAL_WB | S2AP_READ | SH_INNER | ACCESS_FLAG | XN | FOREIGN,
    };
    const uint64_t attributes = attributes_of[kind];
    xi_err err = check_range(guest.ipa, machine.pa, size);

    spin_lock(&stage2->lock);
    for (uint64_t done = 0; done < size && err == XI_OK;) {
        uint32_t level = block_level(guest.ipa + done, machine.pa + done, size - done);
        err = map_one(stage2, guest.ipa + done, level, leaf(level, machine.pa + done, attributes));
        done += size_of(level);
    }
    spin_unlock(&stage2->lock);
    return err;
}

/* The descriptor that translates `guest`, or the invalid one where the walk ends, and its level. */
static uint64_t *walk(const struct stage2 *stage2, uint64_t guest, uint32_t *level)
{
    uint64_t *table = arch_pa_to_va(stage2->root);

    for (uint32_t at = start_level();; at++) {
        uint64_t *entry = entry_at(table, at, guest);
        if (!is_table(*entry, at)) {
            *level = at;
            return entry;
        }
        table = entries_of(*entry);
    }
}

xi_err stage2_unmap(struct stage2 *stage2, ipa_t guest, uint64_t size)
{
    xi_err err = check_range(guest.ipa, 0, size);

    spin_lock(&stage2->lock);
    for (uint64_t at = guest.ipa; at < guest.ipa + size && err == XI_OK;) {
        uint32_t level;
        uint64_t *entry = walk(stage2, at, &level), left = guest.ipa + size - at;
        if ((*entry & VALID) != 0 && (!xi_is_aligned(at, size_of(level)) || left < size_of(level))) {
            /* Partly: the block in smaller ones, then again. */
            err = descend(stage2, at, level + 1, &entry);
            continue;
        }
        if ((*entry & VALID) != 0) {
            break_entry(stage2, entry, level, at);
        }
        at = xi_align_down(at, size_of(level)) + size_of(level);
    }
    spin_unlock(&stage2->lock);
    return err;
}

static uint64_t find(struct stage2 *stage2, uint64_t guest, uint32_t *level)
{
    uint64_t descriptor = 0;

    if (guest < 1ull << address_bits) {
        spin_lock(&stage2->lock);
        descriptor = *walk(stage2, guest, level);
        spin_unlock(&stage2->lock);
    }
    return descriptor;
}

xi_err stage2_translate(struct stage2 *stage2, ipa_t guest, pa_t *machine)
{
    uint32_t level = LAST_LEVEL;
    uint64_t descriptor = find(stage2, guest.ipa, &level);

    if ((descriptor & VALID) == 0 || (descriptor & (MEMATTR_NORMAL_WB | FOREIGN)) != MEMATTR_NORMAL_WB) {
        return XI_ERR_NOT_FOUND;
    }
    *machine = (pa_t){(descriptor & ADDRESS) + guest.ipa % size_of(level)};
    return XI_OK;
}

bool stage2_is_mapped(struct stage2 *stage2, ipa_t guest)
{
    uint32_t level;

    return (find(stage2, guest.ipa, &level) & VALID) != 0;
}

bool stage2_is_foreign(struct stage2 *stage2, ipa_t guest, pa_t machine)
{
    uint32_t level;
    uint64_t descriptor = find(stage2, guest.ipa, &level);

    return (descriptor & (VALID | FOREIGN)) == (VALID | FOREIGN) && (descriptor & ADDRESS) == machine.pa;
}

void stage2_settle(struct stage2 *stage2)
{
    spin_lock(&stage2->lock);
    spin_unlock(&stage2->lock);
}
