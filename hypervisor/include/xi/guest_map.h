/* SPDX-License-Identifier: Apache-2.0 */
/* The guest's address space, as Xen 4.17 lays it out (xen/include/public/arch-arm.h): guests hard-code it.
 * A direct-mapped domain sees RAM, interrupt controller and console port where the machine has them. */
#pragma once

#include <stdint.h>

#include <xi/check.h>
#include <xi/config.h>
#include <xi/err.h>
#include <xi/range.h>
#include <xi/stage2.h>

#define GUEST_RAM0_START 0x40000000ULL
#define GUEST_RAM0_SIZE XI_GIB(3)
#define GUEST_RAM1_START 0x200000000ULL
#define GUEST_RAM1_SIZE XI_GIB(1016)
#define GUEST_GICD_START 0x03001000ULL
#define GUEST_GICD_SIZE 0x10000ULL
#define GUEST_GICC_START 0x03002000ULL
#define GUEST_GICC_SIZE 0x2000ULL
#define GUEST_GICR_START 0x03020000ULL
#define GUEST_GICR_SIZE 0x01000000ULL
#define GUEST_UART_START 0x22000000ULL
#define GUEST_UART_SIZE 0x1000ULL
#define GUEST_UART_INTID 32u
#define GUEST_GRANTS_START 0x38000000ULL
#define GUEST_GRANTS_SIZE 0x01000000ULL
#define GUEST_STORE_START (GUEST_GRANTS_START + GUEST_GRANTS_SIZE - XI_PAGE) /* XenStore's page: grants need less */
#define GUEST_EVENT_INTID 31u
#define GUEST_MAX_BANKS 260u

struct guest_map {
    uint32_t bank_count;
    struct guest_bank banks[GUEST_MAX_BANKS]; /* by guest address where not direct-mapped */
    uint32_t ram_count;
    struct ipa_range ram[GUEST_MAX_BANKS];    /* as the guest sees it: banks that touch are one */
    uint32_t view_count;
    struct guest_bank views[CONFIG_MAX_SHARES]; /* of shared memory, in the configuration's order */
    uint32_t gic_version;
    struct ipa_range distributor;
    uint32_t redistributor_count;             /* version 3 */
    struct ipa_range redistributors[CONFIG_MAX_REDISTRIBUTORS];
    struct ipa_range cpu_interface;           /* version 2 */
    struct guest_bank virtual_interface;      /* version 2: the machine's, which plays cpu_interface */
    struct ipa_range uart;
    uint32_t uart_intid;
};

/* An assigned region that lies on RAM, on shared memory or on a device that the core plays; NULL: there is none. */
const struct config_region *guest_map_collision(const struct domain_config *domain, const struct guest_map *map);

/* Lays out a domain that has these pieces of machine memory, in this order. XI_ERR_RANGE where they do not fit,
 * XI_ERR_BUSY where shared memory lies on RAM, on a device or on other shared memory. */
XI_MUST_CHECK xi_err guest_map_make(const struct config_machine *machine, const struct domain_config *domain,
                                    const struct pa_range *pieces, uint32_t count, struct guest_map *map);
