/* SPDX-License-Identifier: Apache-2.0 */
/* The guest's console port: an SBSA generic UART, the subset of a PL011 that needs no set-up
 * (Arm DEN 0029, appendix "Generic UART"). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/spinlock.h>
#include <xi/types.h>

struct domain;

#define VPL011_SIZE 0x1000u /* bytes of guest address space */
#define VPL011_RX_BYTES 1024u /* power of two */

struct vpl011 {
    struct domain *domain;
    uint32_t intid;
    spinlock_t lock;
    uint16_t imsc; /* interrupts that the guest wants */
    uint16_t ris;  /* transmit and overrun; receive follows the ring */
    bool high;     /* interrupt output */
    bool overrun;  /* a byte came and found no room: until the guest clears it */
    bool lost; /* the next byte that finds room comes after lost ones: it says so */
    uint32_t head, tail; /* free running: bytes received, bytes read */
    uint16_t rx[VPL011_RX_BYTES]; /* as UARTDR shows them */
};

/* At that guest address, interrupting by that SPI; once, and vpl011_reset before the domain runs. Errors of
 * mmio_map_add. */
XI_MUST_CHECK xi_err vpl011_init(struct vpl011 *uart, struct domain *domain, ipa_t base, uint32_t intid);
/* As after power on; while no vCPU of the domain runs, together with vgic_reset. */
void vpl011_reset(struct vpl011 *uart);
/* A byte for the guest. Any CPU; kicks, so no scheduler lock may be held. */
void vpl011_receive(struct vpl011 *uart, uint8_t byte);
