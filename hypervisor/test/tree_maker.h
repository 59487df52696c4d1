/* SPDX-License-Identifier: Apache-2.0 */
/* Device trees of a machine with two domains, with whatever a test wants to be different. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TREE_BYTES 32768u
#define TREE_BANKS 4u
#define TREE_DOMAINS 40u
#define ANYWHERE UINT64_MAX
#define NO_NUMBER UINT32_MAX

#define TREE_CPU 0x10u   /* phandle of the first CPU; the others follow */
#define TREE_POOL 0x100u /* of the first pool */
#define TREE_GIC 1u /* phandle of the interrupt controller, parent of all interrupts */

struct tree_wishes {
    uint32_t cpus;              /* of the machine */
    bool twin_cpus;             /* the last two have the same id */
    uint32_t gic;               /* 2, 3 or 0: none */
    uint64_t gicc_size, gicv_size, gicv_shift; /* of a GICv2; 0: 8 KiB, the same, at a page's begin */
    uint32_t gic_regs_missing;  /* of a GICv2's four */
    uint64_t ram[2];            /* start, size; 0: 2 GiB from 1 GiB */
    uint64_t gicd_size;         /* 0: 64 KiB */
    uint64_t gicr_size;         /* of a GICv3; 0: room for 123 CPUs */
    const char *bootargs;
    uint32_t rollback_cells; /* of xenimg,rollback-index, each 7; 0: there is none */
    uint64_t heap[2];           /* start, size; 0: none */
    uint64_t reserved[2];       /* a child of /reserved-memory; 0: none */
    bool reserved_unmapped;     /* /reserved-memory has no `ranges` */
    uint64_t more_ram[2];       /* a second node of RAM; 0: none */
    const uint32_t *extended;   /* interrupts-extended of /rtc@9010000, extended_count cells; NULL: it is not there */
    uint32_t extended_count;
    const char *second_uart;    /* status of serial@9040000, alias serial1; NULL: there is none */
    const char *second_uart_is; /* its `compatible`; NULL: "arm,pl011" */
    uint32_t pool_cpus[2][4];   /* CPU numbers + 1, 0 ends; a pool without CPUs is not there */
    const char *scheduler;      /* of the first pool */
    uint32_t frame, windows[8]; /* its xenimg,arinc653-…: frame, pairs of vCPU and µs; 0: not there */
    uint32_t window_count;      /* pairs */
    const char *window_domains; /* NUL after each */
    uint32_t window_domains_size;
    struct {
        const char *name;
        uint64_t kib;
        uint32_t cpus;
        uint32_t pool;          /* number + 1; 0: none */
        uint64_t banks[2 * TREE_BANKS];
        uint32_t bank_count;
        bool direct_map, no_vpl011, no_kernel, kernel_in_two, memory_twice;
        const char *enhanced, *on_crash;
        uint64_t kernel[2], ramdisk[2], devices[2];
        struct {
            const char *affinity; /* hard-affinity of vCPU `id`; NULL: there is no node */
            uint32_t id, budget;
        } vcpus[2];
        uint32_t weight, cap, budget, period; /* xenimg,…; 0: not there, NO_NUMBER: 0 */
        uint32_t spis;          /* nr_spis; 0: not there */
        const char *colors;     /* llc-colors; NULL: not there */
        uint32_t extra_modules; /* further kernels, which nobody may have */
        struct {
            uint32_t port, phandle, target;
        } ends[3]; /* of static event channels; phandle 0: none */
        struct {
            const char *id, *role; /* role NULL: not there */
            uint64_t place[3];     /* machine address (ANYWHERE: left out), guest address, size */
        } views[2]; /* of shared memory; id NULL: none */
    } domains[TREE_DOMAINS];
    uint32_t domain_count;
    uint32_t stray_phandle;     /* of /stray; 0: it is not there */
    struct {
        const char *node, *property; /* #address-cells or #size-cells of the node of that name; NULL: of none */
        uint32_t cells;
    } odd; /* of a length that it cannot have */
};

/* A sound system: 4 CPUs, GICv3, 2 GiB from 1 GiB, one domain by size and one on a static bank. */
struct tree_wishes tree_sound(void);
/* Into `to`, which is 8-aligned and has TREE_BYTES; the blob's size. */
size_t tree_make(const struct tree_wishes *wishes, uint8_t *to);
