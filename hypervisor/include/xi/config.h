/* SPDX-License-Identifier: Apache-2.0 */
/* The system's device tree, read once: the machine, and the domains of /chosen in Xen's documented bindings
 * (Xen docs/misc/arm/device-tree/{booting,cpupools}.txt, as of 4.17). Everything is copied: the tree is not
 * needed afterwards. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/image.h>
#include <xi/pages.h>
#include <xi/range.h>
#include <xi/types.h>

#define CONFIG_MAX_CPUS 32u       /* of the machine; more are left alone */
#define CONFIG_MAX_VCPUS 128u     /* of a domain */
#define CONFIG_MAX_DOMAINS 32u
#define CONFIG_MAX_MODULES 32u    /* with core and device tree, as Xen counts */
#define CONFIG_MAX_BANKS 256u     /* of RAM; of reserved, static and heap memory together */
#define CONFIG_MAX_NAME 41u       /* characters of a domain's name */
#define CONFIG_MAX_BOOTARGS 1024u /* characters */
#define CONFIG_MAX_SPIS 988u
#define CONFIG_MAX_REDISTRIBUTORS 8u
#define CONFIG_GIC_ALIASES 16u
#define CONFIG_MAX_CHANNELS 128u
#define CONFIG_MAX_SHARES 32u
#define CONFIG_MAX_SHARE_ID 15u   /* characters */
#define CONFIG_MAX_REGIONS 256u    /* of assigned devices, in all */
#define CONFIG_MAX_INTERRUPTS 256u /* of assigned devices, in all */
#define CONFIG_MAX_FRAGMENT 0x8000u /* bytes of a domain's partial device tree */
#define CONFIG_WEIGHT_DEFAULT 256u
#define CONFIG_MAX_WEIGHT 65535u
#define CONFIG_MAX_WINDOWS 64u    /* of a pool */
#define CONFIG_MIN_WINDOW 100u    /* µs */
#define CONFIG_MAX_FRAME 10000000u
#define CONFIG_NOBODY UINT32_MAX
#define CONFIG_RTDS_BUDGET 4000u  /* µs, where nothing is said */
#define CONFIG_RTDS_PERIOD 10000u
#define CONFIG_RTDS_MIN_BUDGET 10u
#define CONFIG_RTDS_MIN_PERIOD 100u
#define CONFIG_RTDS_MAX_PERIOD 1000000u
#define CONFIG_MAX_CAP (100u * CONFIG_MAX_CPUS) /* percent of a CPU */
#define CONFIG_MAX_COMPATIBLE 64u /* bytes */
#define CONFIG_MAX_STORE 0x8000u /* bytes of the XenStore's entries */
#define CONFIG_GRANT_FRAMES 64u /* pages, where nothing is said: as upstream's gnttab_max_frames */
#define CONFIG_MAX_GRANT_FRAMES 256u /* they are cleared at once when the domain begins again */
#define CONFIG_MAPPING_FRAMES 32u
#define CONFIG_MAX_MAPPING_FRAMES 256u /* the end of a domain goes through all, in pieces */
#define CONFIG_MAX_PATH 96u       /* bytes of a node's path in messages; longer ones are cut */

struct config_cpu {
    uint64_t mpidr; /* affinity fields */
    uint32_t pool;  /* index of its pool */
};

struct config_gic {
    uint32_t version; /* 2 or 3; 0: none that we know */
    char path[CONFIG_MAX_PATH]; /* of its node, for messages */
    struct pa_range distributor;
    uint32_t redistributor_count; /* version 3: regions */
    struct pa_range redistributors[CONFIG_MAX_REDISTRIBUTORS];
    uint64_t redistributor_stride; /* bytes; 0: as the architecture says */
    struct pa_range cpu_interface, hyp_interface, vcpu_interface; /* version 2 */
    bool aliased; /* version 2: cpu_interface and vcpu_interface show each page in 64 KiB, CONFIG_GIC_ALIASES times */
};

enum config_uart_kind {
    CONFIG_UART_PL011,
    CONFIG_UART_CADENCE,
};

struct config_uart {
    enum config_uart_kind kind;
    struct pa_range registers; /* size 0: the machine has no console that we know */
    char path[CONFIG_MAX_PATH]; /* of its node, for messages */
    uint32_t intid;            /* 0: none */
};

struct config_machine {
    uint32_t cpu_count;
    struct config_cpu cpus[CONFIG_MAX_CPUS]; /* the boot CPU first, then in the tree's order */
    uint32_t cpus_left_out;
    uint8_t cpu_compatible[CONFIG_MAX_COMPATIBLE]; /* string list of the boot CPU's node */
    uint32_t cpu_compatible_size;
    bool psci, psci_hvc; /* firmware has it; it is called by HVC */
    struct config_gic gic;
    struct config_uart uart;
    uint32_t memory_count;
    struct pa_range memory[CONFIG_MAX_BANKS];
    uint32_t reserved_count;
    struct pa_range reserved[CONFIG_MAX_BANKS]; /* /reserved-memory and /memreserve/ */
};

/* cpupool-sched, or sched= for pools that name none. */
enum config_scheduler {
    CONFIG_SCHED_NULL,
    CONFIG_SCHED_CREDIT2,
    CONFIG_SCHED_RTDS,
    CONFIG_SCHED_ARINC653,
};

/* One vCPU's time in a major frame. */
struct config_window {
    uint32_t domain; /* index of domains; CONFIG_NOBODY: the CPU idles */
    uint32_t vcpu;
    uint32_t duration; /* µs */
};

/* arinc653: windows one after the other from the frame's begin; what they leave over, the CPU idles. */
struct config_schedule {
    uint32_t frame; /* µs */
    uint32_t window_count;
    struct config_window windows[CONFIG_MAX_WINDOWS];
};

struct config_pool {
    enum config_scheduler scheduler;
    struct config_schedule schedule;
    uint32_t cpu_count;
    uint32_t cpus[CONFIG_MAX_CPUS]; /* indices into machine.cpus */
};

enum config_xen {
    CONFIG_XEN_NONE,
    CONFIG_XEN_NO_XENSTORE, /* "no-xenstore" */
    CONFIG_XEN_STORE,       /* "enabled"; in the core with devices between domains, where there is a store */
};

struct config_module {
    struct pa_range file; /* where it really lies; size 0: there is none */
};

/* Memory that several domains see. */
struct config_share {
    char id[CONFIG_MAX_SHARE_ID + 1];
    struct pa_range machine;
    bool placed; /* by the configuration; else config_place_shares finds a place */
    bool owned;  /* by one of them, else by none */
};

/* Where a domain sees it. */
struct config_view {
    const struct config_share *share;
    ipa_t guest;
};

/* Registers of an assigned device: whole pages. */
struct config_region {
    struct pa_range machine;
    ipa_t guest;
};

/* Interrupt of an assigned device: the same number for machine and guest. */
struct config_interrupt {
    uint32_t intid;
    bool edge;
};

/* An event channel between two domains' ports. */
struct config_channel {
    uint32_t domain[2]; /* indices of domains */
    uint32_t port[2];
};

/* What the XenStore holds at first: rights, path and value of each entry, with their NULs. */
struct config_store {
    char path[CONFIG_MAX_PATH]; /* of its node, for messages */
    const uint8_t *entries;     /* NULL: there is no store */
    uint32_t size;
};

enum shutdown_reason {
    SHUTDOWN_POWEROFF,
    SHUTDOWN_RESET,
    SHUTDOWN_CRASH,    /* the guest said so, or domain_crash */
    SHUTDOWN_WATCHDOG, /* the guest did not say that it is well in time */
};
#define SHUTDOWN_REASONS 4u

/* What follows then. */
enum config_action {
    CONFIG_DESTROY,  /* its memory is scrubbed */
    CONFIG_PRESERVE, /* its memory stays as it is, for whoever looks from outside */
    CONFIG_RESTART,  /* it is made again */
};

/* What is promised to a vCPU. */
struct config_vcpu {
    uint32_t budget, period; /* rtds: µs in each so many µs */
    uint32_t affinity;       /* CPUs that may run it, a bit each; 0: all of its pool */
    bool described;          /* by a node of its own */
};

/* Of a size by which an index is multiplied in two instructions. */
struct domain_config {
    _Alignas(256) char name[CONFIG_MAX_NAME + 1];
    char bootargs[CONFIG_MAX_BOOTARGS + 1];
    uint32_t cpus;
    uint64_t memory; /* bytes */
    bool vpl011, direct_map;
    enum config_xen xen;
    /* Of other domains, bit n for number n + 1: whose grants it may use, and which may have event channels with it. */
    uint32_t granters, peers;
    uint32_t grant_frames;   /* max_grant_frames: pages of its grant table, at most */
    uint32_t mapping_frames; /* max_maptrack_frames: pages of records of what it has mapped of others */
    uint32_t spis;   /* nr_spis; 0: as many as its devices need */
    uint64_t p2m;    /* xen,domain-p2m-mem-mb in bytes; 0: as computed */
    uint32_t pool;   /* index into pools */
    uint32_t weight; /* credit2: of each vCPU, against the others of its pool */
    uint32_t cap;    /* credit2: of all vCPUs together, in percent of one CPU; 0: none */
    struct config_vcpu vcpus[CONFIG_MAX_VCPUS];
    enum config_action on[SHUTDOWN_REASONS];
    struct config_module kernel, ramdisk;
    struct config_module devices; /* partial device tree: what the guest sees of what is assigned to it */
    uint32_t region_count;
    const struct config_region *regions;
    uint32_t interrupt_count;
    const struct config_interrupt *interrupts;
    uint32_t bank_first, bank_count; /* of static_banks; none: from the heap */
    uint32_t view_count;
    struct config_view views[CONFIG_MAX_SHARES];
};

struct system_config {
    struct config_store store;
    struct config_machine machine;
    char bootargs[CONFIG_MAX_BOOTARGS + 1]; /* xen,xen-bootargs */
    bool has_rollback;                      /* /chosen says which release this is: xenimg,rollback-index */
    uint32_t rollback;
    struct pa_range dtb;                    /* the tree itself; size 0 when it is inside the image */
    uint32_t heap_count;                    /* static heap; 0: all RAM that is left */
    struct pa_range heap[CONFIG_MAX_BANKS];
    uint32_t pool_count; /* at least 1: Pool-0 has the boot CPU */
    struct config_pool pools[CONFIG_MAX_CPUS];
    uint32_t static_bank_count;
    struct pa_range static_banks[CONFIG_MAX_BANKS];
    uint32_t share_count;
    struct config_share shares[CONFIG_MAX_SHARES];
    uint32_t region_count;
    struct config_region regions[CONFIG_MAX_REGIONS];
    uint32_t interrupt_count;
    struct config_interrupt interrupts[CONFIG_MAX_INTERRUPTS];
    uint32_t channel_count;
    struct config_channel channels[CONFIG_MAX_CHANNELS];
    uint32_t domain_count; /* at least 1 */
    struct domain_config domains[CONFIG_MAX_DOMAINS];
};

/* Why a tree is refused: one line with node, property and rule. */
struct config_error {
    char line[256];
};

/* Reads and judges the tree of at most `limit` bytes at `blob`, which lies at dtb.start in machine memory.
 * `config` is large: static memory, please; undefined on failure, but for machine.uart, where the complaint can
 * go. XI_ERR_SYNTAX for everything that `why` explains, which is every failure. */
XI_MUST_CHECK xi_err config_read(const void *blob, size_t limit, const struct image *image, pa_t dtb,
                                 uint64_t boot_mpidr, struct system_config *config, struct config_error *why);

/* The devices that domains are assigned, from their partial device trees (docs/misc/arm/passthrough.txt), which must be
 * mapped by now. `config` as config_read has left it, `blob` the same. Same errors. */
XI_MUST_CHECK xi_err config_read_devices(const void *blob, size_t limit, struct system_config *config,
                                         struct config_error *why);

/* The machine's RAM alone, before anything else is looked at: enough to map it. Same errors. */
XI_MUST_CHECK xi_err config_read_memory(const void *blob, size_t limit, struct config_machine *machine,
                                        struct config_error *why);

/* What a message calls the node that claims the machine address: a path of the interrupt controller or the console port,
 * "/memory", or "device tree" where none of them does. */
const char *config_who_has(const struct config_machine *machine, pa_t at);

/* Finds a place, from below, for shared memory that the configuration gives none. XI_ERR_SYNTAX, as `why` explains. */
XI_MUST_CHECK xi_err config_place_shares(struct system_config *config, struct page_heap *heap,
                                         struct config_error *why);

/* Memory without an owner that CPUs of so many address bits reach: the static heap, or RAM without image, device tree,
 * modules, reserved memory and static banks. XI_ERR_NO_SPACE. */
XI_MUST_CHECK xi_err config_fill_heap(const struct system_config *config, const struct image *image,
                                      uint32_t address_bits, struct page_heap *heap);
