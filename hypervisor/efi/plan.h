/* SPDX-License-Identifier: Apache-2.0 */
/* What the packer tells the stub: where in the loaded PE each file is, and where in machine memory it goes. All of it
 * lies in the signed file; it is checked all the same, because a mistake here writes anywhere. Little endian. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/types.h>

/* The stub's first bytes. Offsets count from there; the PE's sections keep their distances in memory. */
#define EFI_STUB_MAGIC { 'X', 'I', 'E', 'F', 'I', 0, 0, 1 }
#define EFI_STUB_VERSION 1u
struct efi_stub_header {
    uint8_t magic[8];
    uint32_t version;
    uint32_t header_size;   /* bytes */
    uint32_t entry;         /* offset of the EFI entry point */
    uint32_t text_size;     /* bytes of code, this header among them */
    uint32_t rodata_offset; /* of constant data, behind the code */
    uint32_t rodata_size;   /* bytes */
    /* Zero in the stub's own file; the packer fills in: */
    uint64_t image_size;  /* bytes from here to the end of the last section */
    uint64_t plan_offset; /* a multiple of 8 */
    uint64_t plan_size;   /* bytes */
    uint64_t reserved;    /* 0 */
};
_Static_assert(sizeof(struct efi_stub_header) == 64, "stub header");
_Static_assert(offsetof(struct efi_stub_header, image_size) == 32, "stub header");

#define PLAN_MAGIC { 'X', 'I', 'P', 'L', 'A', 'N', 0, 1 }
#define PLAN_VERSION 1u
#define PLAN_MOST 1024u        /* entries: more is nothing that the packer writes */
#define PLAN_TREE_MOST 0x200000u /* bytes of the device tree (Linux, Documentation/arch/arm64/booting.rst) */
struct plan_header {
    uint8_t magic[8];
    uint32_t version;
    uint32_t header_size; /* bytes */
    uint32_t entry_size;  /* bytes */
    uint32_t count;
};
_Static_assert(sizeof(struct plan_header) == 24, "plan header");

enum plan_kind {
    /* Copied from the PE. One hypervisor, one device tree, any number of modules. */
    PLAN_HYPERVISOR = 1,
    PLAN_TREE = 2,
    PLAN_MODULE = 3,
    /* Memory that has to be there: a domain's own, and what is left to the hypervisor of the board's RAM. */
    PLAN_CLAIM = 4,
    PLAN_RAM = 5,
};

struct plan_entry {
    uint64_t source;      /* offset from the stub's first byte; 0 where nothing is copied */
    uint64_t size;        /* bytes to copy */
    uint64_t destination; /* machine address, a multiple of 4 KiB */
    uint64_t memory;      /* bytes from there on that it takes, `size` at least: zero behind what is copied */
    uint32_t kind;        /* enum plan_kind */
    uint32_t reserved;    /* 0 */
    char name[72];        /* printable ASCII, ends with a NUL: "ui/kernel" */
};
_Static_assert(sizeof(struct plan_entry) == 112, "plan entry");

/* A plan that was checked. */
struct plan {
    const uint8_t *image; /* where offsets count from */
    const struct plan_entry *entries;
    uint32_t count;
    const struct plan_entry *hypervisor;
    const struct plan_entry *tree;
};

/* Why a plan is refused: a rule in words, and the entry that breaks it, counted from 1; 0: none of them. */
struct plan_fault {
    const char *rule;
    uint32_t entry;
};

/* Whether `header`, which must be 8-byte aligned, leads to a sound plan; then it is in *plan. Reads nothing beyond
 * header->image_size, which is true of an image that firmware loaded; *plan stays as it was where it is not sound. */
XI_MUST_CHECK bool plan_open(const struct efi_stub_header *header, struct plan *plan, struct plan_fault *fault);

static inline bool plan_is_file(const struct plan_entry *entry)
{
    return entry->kind <= PLAN_MODULE;
}

/* Pages of machine memory that an entry takes. */
static inline uint64_t plan_pages(const struct plan_entry *entry)
{
    return (entry->memory + XI_PAGE - 1) / XI_PAGE;
}
