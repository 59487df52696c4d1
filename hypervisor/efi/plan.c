/* SPDX-License-Identifier: Apache-2.0 */
#include <xi/bits.h>
#include <xi/range.h>
#include <xi/string.h>

#include "plan.h"

/* Machine addresses have at most 52 bits (Arm ARM, FEAT_LPA). */
#define ADDRESS_LIMIT (1ULL << 52)

static const char *header_fault(const struct efi_stub_header *header)
{
    static const uint8_t magic[8] = EFI_STUB_MAGIC;

    if (memcmp(header->magic, magic, sizeof(magic)) != 0 || header->version != EFI_STUB_VERSION ||
        header->header_size != sizeof(*header) || header->reserved != 0) {
        return "the stub's header is not its own";
    }
    if (header->plan_size == 0) {
        return "there is none";
    }
    if (!range_fits(header->plan_offset, header->plan_size, header->image_size)) {
        return "it lies outside of the image";
    }
    if (!xi_is_aligned(header->plan_offset, 8)) {
        return "it is not aligned";
    }
    return NULL;
}

static const char *table_fault(const struct plan_header *table, uint64_t size)
{
    static const uint8_t magic[8] = PLAN_MAGIC;

    if (size < sizeof(*table) || memcmp(table->magic, magic, sizeof(magic)) != 0) {
        return "it has no header";
    }
    if (table->version != PLAN_VERSION || table->header_size != sizeof(*table) ||
        table->entry_size != sizeof(struct plan_entry)) {
        return "its version is not known";
    }
    if (table->count > PLAN_MOST) {
        return "it has too many entries";
    }
    if (size != sizeof(*table) + (uint64_t)table->count * sizeof(struct plan_entry)) {
        return "its size is not that of its entries";
    }
    return NULL;
}

static bool name_is_sound(const struct plan_entry *entry)
{
    size_t length = strnlen(entry->name, sizeof(entry->name));

    for (size_t i = 0; i < length; i++) {
        if (entry->name[i] < ' ' || entry->name[i] > '~') {
            return false;
        }
    }
    return length > 0 && length < sizeof(entry->name);
}

static const char *entry_fault(const struct plan_entry *entry, uint64_t image_size)
{
    if (!name_is_sound(entry)) {
        return "its name is no text";
    }
    if (entry->kind < PLAN_HYPERVISOR || entry->kind > PLAN_RAM || entry->reserved != 0) {
        return "its kind is not known";
    }
    if (!range_fits(entry->destination, entry->memory, ADDRESS_LIMIT - XI_PAGE)) {
        return "it reaches beyond machine memory";
    }
    if (!xi_is_aligned(entry->destination, XI_PAGE) || entry->memory == 0) {
        return "it takes no whole pages";
    }
    if (!plan_is_file(entry)) {
        return entry->size == 0 && entry->source == 0 ? NULL : "it is memory, and has bytes";
    }
    if (entry->size == 0 || entry->size > entry->memory) {
        return "its bytes do not fit its memory";
    }
    if (!range_fits(entry->source, entry->size, image_size)) {
        return "its bytes lie outside of the image";
    }
    if (entry->kind == PLAN_TREE && entry->size > PLAN_TREE_MOST) {
        return "the device tree is too long";
    }
    return NULL;
}

static bool files_overlap(const struct plan_entry *a, const struct plan_entry *b)
{
    return plan_is_file(a) && plan_is_file(b) &&
           range_overlaps(a->destination, a->memory, b->destination, b->memory);
}

/* The one entry of that kind; NULL where there is none, or another. */
static const struct plan_entry *only(const struct plan_entry *entries, uint32_t count, enum plan_kind kind)
{
    const struct plan_entry *found = NULL;

    for (uint32_t i = 0; i < count; i++) {
        if (entries[i].kind == kind) {
            if (found != NULL) {
                return NULL;
            }
            found = &entries[i];
        }
    }
    return found;
}

static const char *entries_fault(const struct plan_entry *entries, uint32_t count, uint64_t image_size,
                                 uint32_t *entry)
{
    for (uint32_t i = 0; i < count; i++) {
        const char *rule = entry_fault(&entries[i], image_size);
        *entry = i + 1;
        if (rule != NULL) {
            return rule;
        }
        for (uint32_t k = 0; k < i; k++) {
            if (files_overlap(&entries[i], &entries[k])) {
                return "it goes where another file goes";
            }
        }
    }
    *entry = 0;
    return NULL;
}

bool plan_open(const struct efi_stub_header *header, struct plan *plan, struct plan_fault *fault)
{
    const uint8_t *image = (const uint8_t *)header;

    fault->entry = 0;
    fault->rule = header_fault(header);
    if (fault->rule != NULL) {
        return false;
    }
    const struct plan_header *table = (const void *)(image + header->plan_offset);
    const struct plan_entry *entries = (const void *)(table + 1);
    fault->rule = table_fault(table, header->plan_size);
    if (fault->rule == NULL) {
        fault->rule = entries_fault(entries, table->count, header->image_size, &fault->entry);
    }
    if (fault->rule != NULL) {
        return false;
    }
    struct plan found = {.image = image,
                         .entries = entries,
                         .count = table->count,
                         .hypervisor = only(entries, table->count, PLAN_HYPERVISOR),
                         .tree = only(entries, table->count, PLAN_TREE)};
    if (found.hypervisor == NULL || found.tree == NULL) {
        fault->rule = "it has not one hypervisor and one device tree";
        return false;
    }
    *plan = found;
    return true;
}
