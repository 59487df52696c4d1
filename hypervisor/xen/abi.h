/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and records of Xen's public interface for arm64 guests, as of 4.17 (xen/include/public: xen.h,
 * event_channel.h, grant_table.h, memory.h, vcpu.h, sched.h, version.h, hvm/hvm_op.h). */
#pragma once

#include <stdint.h>

enum {
    HYPERCALL_memory_op = 12,
    HYPERCALL_multicall = 13,
    HYPERCALL_xen_version = 17,
    HYPERCALL_console_io = 18,
    HYPERCALL_grant_table_op = 20,
    HYPERCALL_vm_assist = 21,
    HYPERCALL_vcpu_op = 24,
    HYPERCALL_sched_op = 29,
    HYPERCALL_event_channel_op = 32,
    HYPERCALL_hvm_op = 34,
};

/* errno.h: returned negative. */
enum {
    XEN_EPERM = 1,
    XEN_ENOENT = 2,
    XEN_ESRCH = 3,
    XEN_ENXIO = 6,
    XEN_ENOMEM = 12,
    XEN_EACCES = 13,
    XEN_EFAULT = 14,
    XEN_EBUSY = 16,
    XEN_EEXIST = 17,
    XEN_EINVAL = 22,
    XEN_ENOSPC = 28,
    XEN_ENOSYS = 38,
    XEN_EOPNOTSUPP = 95,
};

#define DOMID_SELF 0x7ff0u

#define XEN_MAJOR 4u
#define XEN_MINOR 17u

enum {
    XENVER_version = 0,
    XENVER_extraversion = 1,
    XENVER_compile_info = 2,
    XENVER_capabilities = 3,
    XENVER_changeset = 4,
    XENVER_platform_parameters = 5,
    XENVER_get_features = 6,
    XENVER_pagesize = 7,
    XENVER_guest_handle = 8,
    XENVER_commandline = 9,
};

enum {
    XENFEAT_writable_page_tables = 0,
    XENFEAT_auto_translated_physmap = 2,
    XENFEAT_ARM_SMCCC_supported = 14,
    XENFEAT_not_direct_mapped = 16,
    XENFEAT_direct_mapped = 17,
};

struct xen_compile_info {
    char compiler[64];
    char compile_by[16];
    char compile_domain[32];
    char compile_date[32];
};

struct xen_feature_info {
    uint32_t submap_idx;
    uint32_t submap;
};

enum {
    XENMEM_decrease_reservation = 1,
    XENMEM_current_reservation = 3,
    XENMEM_maximum_reservation = 4,
    XENMEM_populate_physmap = 6,
    XENMEM_add_to_physmap = 7,
    XENMEM_remove_from_physmap = 15,
    XENMEM_add_to_physmap_batch = 23,
};

struct xen_memory_reservation {
    uint64_t extent_start; /* frames, of 2^extent_order pages each */
    uint64_t nr_extents;
    uint32_t extent_order;
    uint32_t mem_flags;
    uint16_t domid;
    uint16_t pad[3];
};
enum {
    XENMAPSPACE_shared_info = 0,
    XENMAPSPACE_grant_table = 1,
    XENMAPSPACE_gmfn_range = 3,
    XENMAPSPACE_gmfn_foreign = 4,
    XENMAPSPACE_dev_mmio = 5,
};

struct xen_add_to_physmap {
    uint16_t domid;
    uint16_t size;
    uint32_t space;
    uint64_t idx;
    uint64_t gpfn;
};

struct xen_add_to_physmap_batch {
    uint16_t domid;
    uint16_t space;
    uint16_t size;
    uint16_t foreign_domid;
    uint64_t idxs; /* uint64_t each, */
    uint64_t gpfns; /* uint64_t each, */
    uint64_t errs; /* int32_t each, out */
};

struct xen_remove_from_physmap {
    uint16_t domid;
    uint16_t pad[3];
    uint64_t gpfn;
};

struct xen_multicall_entry {
    uint64_t op;
    int64_t result; /* out */
    uint64_t args[6];
};

struct xen_vcpu_info {
    uint8_t evtchn_upcall_pending;
    uint8_t evtchn_upcall_mask;
    uint8_t pad[6];
    uint64_t evtchn_pending_sel;
    uint8_t time[32];
};

#define XEN_EVENT_WORDS 64u /* of 64 ports: the 2-level interface */

struct xen_shared_info {
    struct xen_vcpu_info vcpu_info[1];
    uint64_t evtchn_pending[XEN_EVENT_WORDS];
    uint64_t evtchn_mask[XEN_EVENT_WORDS];
    uint32_t wc_version, wc_sec, wc_nsec, wc_sec_hi;
};

enum {
    VCPUOP_register_runstate_memory_area = 5,
    VCPUOP_register_vcpu_info = 10,
};

struct xen_register_vcpu_info {
    uint64_t gfn;
    uint32_t offset;
    uint32_t reserved;
};

struct xen_runstate_info {
    int32_t state;
    uint32_t pad;
    uint64_t state_entry_time; /* ns since boot */
    uint64_t time[4];          /* ns in each state */
};
enum { RUNSTATE_running = 0 };

enum {
    EVTCHNOP_bind_interdomain = 0,
    EVTCHNOP_bind_virq = 1,
    EVTCHNOP_close = 3,
    EVTCHNOP_send = 4,
    EVTCHNOP_status = 5,
    EVTCHNOP_alloc_unbound = 6,
    EVTCHNOP_bind_ipi = 7,
    EVTCHNOP_bind_vcpu = 8,
    EVTCHNOP_unmask = 9,
    EVTCHNOP_reset = 10,
    EVTCHNOP_init_control = 11,
    EVTCHNOP_expand_array = 12,
    EVTCHNOP_set_priority = 13,
};

struct xen_bind_interdomain {
    uint16_t remote_dom;
    uint16_t pad;
    uint32_t remote_port;
    uint32_t local_port; /* out */
};

struct xen_bind_virq {
    uint32_t virq;
    uint32_t vcpu;
    uint32_t port; /* out */
};

struct xen_bind_ipi {
    uint32_t vcpu;
    uint32_t port; /* out */
};

struct xen_alloc_unbound {
    uint16_t dom;
    uint16_t remote_dom;
    uint32_t port; /* out */
};

struct xen_bind_vcpu {
    uint32_t port;
    uint32_t vcpu;
};

struct xen_init_control {
    uint64_t control_gfn;
    uint32_t offset;
    uint32_t vcpu;
    uint8_t link_bits; /* out */
    uint8_t pad[7];
};

struct xen_set_priority {
    uint32_t port;
    uint32_t priority;
};

/* FIFO: a word a port, and for each vCPU a block with the heads of its queues. */
#define EVTCHN_FIFO_PENDING (1u << 31)
#define EVTCHN_FIFO_MASKED (1u << 30)
#define EVTCHN_FIFO_LINKED (1u << 29)
#define EVTCHN_FIFO_LINK_BITS 17u
#define EVTCHN_FIFO_LINK ((1u << EVTCHN_FIFO_LINK_BITS) - 1)
#define EVTCHN_FIFO_QUEUES 16u /* priority 0 is the most urgent */
#define EVTCHN_FIFO_PRIORITY_DEFAULT 7u

struct xen_fifo_control {
    uint32_t ready; /* a bit a queue */
    uint32_t reserved;
    uint32_t head[EVTCHN_FIFO_QUEUES]; /* port; written by the hypervisor alone */
};

enum {
    EVTCHNSTAT_closed = 0,
    EVTCHNSTAT_unbound = 1,
    EVTCHNSTAT_interdomain = 2,
    EVTCHNSTAT_virq = 4,
    EVTCHNSTAT_ipi = 5,
};

struct xen_event_status {
    uint16_t dom;
    uint16_t pad0;
    uint32_t port;
    uint32_t status; /* out from here */
    uint32_t vcpu;
    union {
        struct {
            uint16_t dom;
        } unbound;
        struct {
            uint16_t dom;
            uint16_t pad;
            uint32_t port;
        } interdomain;
        uint32_t virq;
    } u;
};

enum {
    GNTTABOP_map_grant_ref = 0,
    GNTTABOP_unmap_grant_ref = 1,
    GNTTABOP_setup_table = 2,
    GNTTABOP_copy = 5,
    GNTTABOP_query_size = 6,
    GNTTABOP_set_version = 8,
    GNTTABOP_get_version = 10,
    GNTTABOP_cache_flush = 12,
};

enum {
    GNTST_okay = 0,
    GNTST_general_error = -1,
    GNTST_bad_domain = -2,
    GNTST_bad_gntref = -3,
    GNTST_bad_handle = -4,
    GNTST_bad_virt_addr = -5,
    GNTST_permission_denied = -8,
    GNTST_bad_page = -9,
    GNTST_bad_copy_arg = -10,
    GNTST_eagain = -12,
    GNTST_no_space = -13,
};

/* Version 1. The granter writes it at any time; reading and writing are ours to set, and the grantee's to wait for. */
struct xen_grant_entry {
    uint16_t flags;
    uint16_t domid;
    uint32_t frame;
};
#define GTF_permit_access 1u
#define GTF_type_mask 3u
#define GTF_readonly (1u << 2)
#define GTF_reading (1u << 3)
#define GTF_writing (1u << 4)
#define GTF_sub_page (1u << 8)

#define GNTMAP_device_map (1u << 0)
#define GNTMAP_host_map (1u << 1)
#define GNTMAP_readonly (1u << 2)
#define GNTMAP_contains_pte (1u << 4)

struct xen_grant_map {
    uint64_t host_addr;
    uint32_t flags;
    uint32_t ref;
    uint16_t dom;
    int16_t status; /* out from here */
    uint32_t handle;
    uint64_t dev_bus_addr;
};

struct xen_grant_unmap {
    uint64_t host_addr;
    uint64_t dev_bus_addr;
    uint32_t handle;
    int16_t status; /* out */
    uint16_t pad;
};

struct xen_grant_setup {
    uint16_t dom;
    uint16_t pad0;
    uint32_t nr_frames;
    int16_t status; /* out */
    uint16_t pad1[3];
    uint64_t frame_list;
};

#define GNTCOPY_source_gref 1u
#define GNTCOPY_dest_gref 2u

struct xen_grant_copy_end {
    uint64_t where; /* a grant reference, or a frame of the caller's own */
    uint16_t domid;
    uint16_t offset;
    uint32_t pad;
};

struct xen_grant_copy {
    struct xen_grant_copy_end source, dest;
    uint16_t len;
    uint16_t flags;
    int16_t status; /* out */
    uint16_t pad;
};

#define GNTTAB_CACHE_CLEAN 1u
#define GNTTAB_CACHE_INVAL 2u

struct xen_grant_flush {
    uint64_t address; /* of the machine, as map_grant_ref told it */
    uint16_t offset;
    uint16_t length;
    uint32_t op;
};

struct xen_grant_query_size {
    uint16_t dom;
    uint16_t pad0;
    uint32_t nr_frames;
    uint32_t max_nr_frames;
    int16_t status;
    uint16_t pad1;
};

struct xen_grant_get_version {
    uint16_t dom;
    uint16_t pad;
    uint32_t version;
};

enum { HVMOP_set_param = 0, HVMOP_get_param = 1 };
enum {
    HVM_PARAM_CALLBACK_IRQ = 0,
    HVM_PARAM_STORE_PFN = 1,
    HVM_PARAM_STORE_EVTCHN = 2,
    HVM_PARAM_CONSOLE_PFN = 17,
    HVM_PARAM_CONSOLE_EVTCHN = 18,
    HVM_PARAM_MONITOR_RING_PFN = 28,
    HVM_NR_PARAMS = 29, /* that we know */
};

struct xen_hvm_param {
    uint16_t domid;
    uint16_t pad;
    uint32_t index;
    uint64_t value;
};

enum { SCHEDOP_yield = 0, SCHEDOP_block = 1, SCHEDOP_shutdown = 2, SCHEDOP_poll = 3, SCHEDOP_watchdog = 6 };
enum { XEN_SHUTDOWN_poweroff = 0, XEN_SHUTDOWN_reboot = 1, XEN_SHUTDOWN_crash = 3, XEN_SHUTDOWN_watchdog = 4 };

struct xen_watchdog {
    uint32_t id;      /* 0: a new one */
    uint32_t timeout; /* seconds; 0: ends it */
};

enum { VMASST_CMD_enable = 0, VMASST_CMD_disable = 1, VMASST_TYPE_runstate_update_flag = 5 };

enum { CONSOLEIO_write = 0, CONSOLEIO_read = 1 };

_Static_assert(sizeof(struct xen_add_to_physmap) == 24, "memory.h");
_Static_assert(sizeof(struct xen_memory_reservation) == 32, "memory.h");
_Static_assert(sizeof(struct xen_add_to_physmap_batch) == 32, "memory.h");
_Static_assert(sizeof(struct xen_remove_from_physmap) == 16, "memory.h");
_Static_assert(sizeof(struct xen_multicall_entry) == 64, "xen.h");
_Static_assert(sizeof(struct xen_vcpu_info) == 48, "xen.h");
_Static_assert(sizeof(struct xen_shared_info) == 48 + 2 * 512 + 16, "xen.h");
_Static_assert(sizeof(struct xen_register_vcpu_info) == 16, "vcpu.h");
_Static_assert(sizeof(struct xen_runstate_info) == 48, "vcpu.h");
_Static_assert(sizeof(struct xen_bind_interdomain) == 12, "event_channel.h");
_Static_assert(sizeof(struct xen_alloc_unbound) == 8, "event_channel.h");
_Static_assert(sizeof(struct xen_init_control) == 24, "event_channel.h");
_Static_assert(sizeof(struct xen_fifo_control) == 72, "event_channel.h");
_Static_assert(sizeof(struct xen_event_status) == 24, "event_channel.h");
_Static_assert(sizeof(struct xen_grant_query_size) == 16, "grant_table.h");
_Static_assert(sizeof(struct xen_grant_entry) == 8, "grant_table.h");
_Static_assert(sizeof(struct xen_grant_map) == 32, "grant_table.h");
_Static_assert(sizeof(struct xen_grant_unmap) == 24, "grant_table.h");
_Static_assert(sizeof(struct xen_grant_setup) == 24, "grant_table.h");
_Static_assert(sizeof(struct xen_grant_copy) == 40, "grant_table.h");
_Static_assert(sizeof(struct xen_grant_flush) == 16, "grant_table.h");
_Static_assert(sizeof(struct xen_hvm_param) == 16, "hvm_op.h");
