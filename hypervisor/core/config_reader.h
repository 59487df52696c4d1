/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the configuration reader share: the tree, the result, and how a tree is refused. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/config.h>
#include <xi/fdt.h>
#include <xi/image.h>

struct config_reader {
    struct fdt fdt;
    const char *of; /* the domain whose partial tree this is; NULL: the system's */
    const struct image *image;
    uint64_t boot_mpidr;
    struct system_config *config;
    struct config_error *why;
    /* Of the machine's CPUs and of the pools, in the order in which the result has them; 0: none. */
    uint32_t cpu_phandles[CONFIG_MAX_CPUS];
    uint32_t pool_phandles[CONFIG_MAX_CPUS];
    fdt_node pool_nodes[CONFIG_MAX_CPUS]; /* /chosen for the pool of what is left over */
    enum config_scheduler scheduler;      /* of pools that name none */
    uint32_t module_count;
};

/* Writes "node: property: rule" and returns XI_ERR_SYNTAX. */
xi_err config_refuse(const struct config_reader *reader, fdt_node node, const char *property, const char *rule, ...)
    XI_PRINTF(4, 5);

/* Keeps a node's path for messages of later. */
void config_keep_path(const struct config_reader *reader, fdt_node node, char to[CONFIG_MAX_PATH]);
/* The index-th reg of a node; false where there is none, or it is empty or no address of the machine. */
bool config_reg(const struct config_reader *reader, fdt_node node, uint32_t index, struct pa_range *range);

/* Opens the tree; says why that cannot be. */
XI_MUST_CHECK xi_err config_open(struct config_reader *reader, const void *blob, size_t limit);
/* No node has two properties or two children of one name (Devicetree Specification 0.4, 2.2.1 and 2.2.4). */
XI_MUST_CHECK xi_err config_check_names(const struct config_reader *reader);
/* Every #address-cells and #size-cells of the tree is one cell; before any address of it is believed. */
XI_MUST_CHECK xi_err config_check_cells(const struct config_reader *reader);
/* What others name the node by, which no other node may have; 0: it has none. */
XI_MUST_CHECK xi_err config_read_phandle(const struct config_reader *reader, fdt_node node, uint32_t *phandle);
/* The interrupt controller that the core drives; FDT_NONE: there is none. */
fdt_node config_find_gic(const struct fdt *fdt);
/* The console port; after the command line, before anything can be refused. */
void config_read_uart(struct config_reader *reader);
XI_MUST_CHECK xi_err config_read_machine(struct config_reader *reader);
XI_MUST_CHECK xi_err config_read_pools(struct config_reader *reader, fdt_node chosen);
/* sched= of the hypervisor's command line; before the pools. */
XI_MUST_CHECK xi_err config_read_default_scheduler(struct config_reader *reader, fdt_node chosen);
XI_MUST_CHECK xi_err config_read_scheduler(const struct config_reader *reader, fdt_node pool,
                                           enum config_scheduler *scheduler);
/* How the domain's pool, which is known, treats it. */
XI_MUST_CHECK xi_err config_read_shares_of_time(const struct config_reader *reader, fdt_node node,
                                                struct domain_config *domain);
/* What rtds promises, of a domain's node or of a vCPU's. */
XI_MUST_CHECK xi_err config_read_reservation(const struct config_reader *reader, fdt_node node,
                                             const struct domain_config *domain, struct config_vcpu *vcpu);
/* A xen,vcpu node in the node of the domain, of which all else but its modules is known. */
XI_MUST_CHECK xi_err config_read_vcpu(const struct config_reader *reader, fdt_node node,
                                      struct domain_config *domain);
/* After the domains: the tables of arinc653 pools. */
XI_MUST_CHECK xi_err config_read_schedules(const struct config_reader *reader);
/* After the domains: each pool has the CPUs for what its scheduler promises them. */
XI_MUST_CHECK xi_err config_check_schedulers(const struct config_reader *reader);
/* What the XenStore holds at first, before the domains; and xen,enhanced = "enabled" of one, for which there must be one.
 * In the core without devices between domains there is none. */
XI_MUST_CHECK xi_err config_read_store(const struct config_reader *reader, fdt_node chosen);
XI_MUST_CHECK xi_err config_read_enabled(const struct config_reader *reader, fdt_node node, struct domain_config *domain);
/* Limits of grants, where they are not what the domain has already. Not in the core without devices between domains. */
XI_MUST_CHECK xi_err config_read_grants(const struct config_reader *reader, fdt_node node, struct domain_config *domain);
/* After the domains: which of them may share pages and events; none, where there is no store. */
XI_MUST_CHECK xi_err config_read_pairs(const struct config_reader *reader, fdt_node chosen);
XI_MUST_CHECK xi_err config_read_domains(struct config_reader *reader, fdt_node chosen);
/* After the domains. */
XI_MUST_CHECK xi_err config_read_channels(const struct config_reader *reader, fdt_node chosen);
/* A xen,domain-shared-memory-v1 node in the node `domain`. */
XI_MUST_CHECK xi_err config_read_share(struct config_reader *reader, fdt_node domain, fdt_node node,
                                       struct domain_config *of);
/* RAM, reserved memory. */
XI_MUST_CHECK xi_err config_read_ram(const struct config_reader *reader, struct config_machine *machine);
/* (address, size) pairs of a property into `to` behind the `count` that are there. */
XI_MUST_CHECK xi_err config_read_ranges(const struct config_reader *reader, fdt_node node, const char *name,
                                        struct fdt_cells cells, struct pa_range *to, uint32_t *count);
/* A terminated string of at most CONFIG_MAX_BOOTARGS - 1 characters, "" where there is none. */
XI_MUST_CHECK xi_err config_read_bootargs(const struct config_reader *reader, fdt_node node, const char *name,
                                          char *to);
/* The value of the last such option, whose name ends with its "=", and its length; NULL: there is none. Any white space
 * separates options. */
const char *config_option(const char *bootargs, const char *option, size_t *length);
