/* SPDX-License-Identifier: Apache-2.0 */
/* A domain without a machine: vCPUs whose list registers are plain arrays, memory that is a byte array,
 * and a record of what the devices asked for. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/domain.h>
#include <xi/vcpu.h>
#include <xi/vgic.h>

#define FAKE_VCPUS 20u
#define FAKE_LRS 4u
#define FAKE_SPIS 64u
#define FAKE_RAM 0x40000000u
#define FAKE_RAM_BYTES 0x40000u

#define GICD 0x03001000u
#define GICR 0x03020000u
#define GICR_SGI(vcpu) (GICR + (vcpu) * 0x20000u + 0x10000u)

struct fake_guest {
    struct domain domain; /* number 1 */
    struct domain *peer;  /* number 2, where a test has made one */
    struct vcpu vcpus[FAKE_VCPUS];
    struct vcpu *list[FAKE_VCPUS];
    struct vgic_irq spis[FAKE_SPIS];
    struct lr lrs[FAKE_VCPUS][FAKE_LRS];
    struct vgic_result result[FAKE_VCPUS]; /* of the last synchronisation */
    uint32_t ended_unlisted[FAKE_VCPUS];
    uint8_t sender[FAKE_VCPUS];        /* of what was acknowledged last, with a GICv2 */
    uint32_t kicks[FAKE_VCPUS];
    bool split;                        /* priorities are dropped at once (EOImode 1): any pending one is taken */
    uint8_t running[FAKE_VCPUS][64];   /* priorities of what is acknowledged and not ended */
    uint32_t nested[FAKE_VCPUS];
    bool interrupt_waits;              /* of the machine, while a call is made */
    uint32_t blocks;
    uint32_t restarts; /* of registers, as from a power-down */
    uint8_t *ram; /* FAKE_RAM_BYTES, at FAKE_RAM for the guest */
    char console[256]; /* what the domain printed */
    uint32_t console_length;
    struct timer *armed, *cancelled; /* the last one */
    /* The machine's interrupts of assigned devices, by number: */
    bool on[32 + FAKE_SPIS];       /* enabled, */
    bool held[32 + FAKE_SPIS];     /* taken and not ended since, */
    uint32_t ends[32 + FAKE_SPIS]; /* ended by the core, */
    const struct vcpu *target[32 + FAKE_SPIS]; /* last told where to */
    int shutdown; /* -1: still there; else the reason */
};

extern struct fake_guest guest;

/* Fresh, with that many vCPUs; the first one runs here. A vGIC with FAKE_SPIS, both groups on. */
void fake_guest_new(uint32_t vcpus);
/* The same with a GICv2, of 4 KiB at GICD. */
void fake_guest_new_v2(uint32_t vcpus);
/* Room for struct xen_domain, in the machine's memory. */
void *fake_guest_xen_memory(void);
/* The vCPU that traps; NULL while idle. */
void fake_set_current(struct vcpu *vcpu);

/* As the vCPU with that index. The program's own check fails if no device answers. */
uint64_t guest_read(uint32_t vcpu, uint64_t ipa, uint32_t size);
void guest_write(uint32_t vcpu, uint64_t ipa, uint32_t size, uint64_t value);

/* The list registers as they would be when that vCPU runs on. */
void guest_enter(uint32_t vcpu);
/* Enters, and takes the most urgent interrupt; 1023 when there is none. */
uint32_t guest_acknowledge(uint32_t vcpu);
/* The device asks: what is enabled and not active is taken at once. False where it is not taken. */
bool guest_fire(uint32_t intid);
/* Ends and deactivates it; through a list register that is tied, the machine's too. */
void guest_end(uint32_t vcpu, uint32_t intid);
