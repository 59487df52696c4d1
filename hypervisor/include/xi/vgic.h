/* SPDX-License-Identifier: Apache-2.0 */
/* The virtual interrupt controller of a domain: state of each interrupt, and which of them each vCPU's
 * list registers show. Knows no machine register: the architecture reads and writes the list registers.
 *
 * Locking: one lock a domain, a leaf: no other lock is taken with it held. The machine's interrupts of assigned devices
 * are turned on and off and ended under it (irq_assigned_*), by register writes that wait for nothing. So every function
 * here may be called under any other lock, except those that kick (marked K): they take the scheduler's lock after
 * the vGIC's is released, so their caller must not hold a scheduler lock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>
#include <xi/spinlock.h>
#include <xi/types.h>

struct domain;
struct vcpu;

#define VGIC_PRIVATE 32u    /* SGIs 0 to 15, PPIs 16 to 31 */
#define VGIC_MAX_INTIDS 1020u
#define VGIC_MAX_VCPUS 128u
#define VGIC_V2_MAX_VCPUS 8u
#define VGIC_MAX_LRS 16u
#define VGIC_LEVELS 32u       /* five bits of priority */

/* A list register in plain words. LR_INVALID: free. */
enum lr_state { LR_INVALID = 0, LR_PENDING = 1, LR_ACTIVE = 2, LR_PENDING_ACTIVE = 3 };

struct lr {
    uint8_t state; /* enum lr_state */
    uint8_t priority;
    bool group1;
    bool hw;           /* deactivation by the guest deactivates `physical` too */
    bool notify;       /* maintenance interrupt when the guest deactivates it; never with hw */
    uint8_t source;    /* GICv2: number of the vCPU that sent an SGI */
    uint32_t intid;    /* as the guest sees it */
    uint32_t physical; /* machine INTID, with hw */
};

/* What vgic_sync leaves for the architecture. */
struct vgic_result {
    bool pending;        /* the vCPU has an interrupt to take: WFI does not wait */
    bool more_pending;   /* wants a maintenance interrupt when no list register is pending any more (NPIE) */
    bool more_active;    /* wants one when the guest ends an interrupt that is in no list register (LRENPIE) */
};

struct vgic_irq {
    struct vgic_irq *next; /* in its list; NULL: it is the last */
    struct vgic_irq *prev; /* in its list; of the first, the last one */
    struct vcpu *queue;    /* vCPU that queues it: active there, or enabled and pending; NULL: in no queue */
    struct vcpu *owner;    /* PPI or SGI: its vCPU; SPI: where it is routed, NULL: nowhere */
    uint64_t route;        /* SPI: GICD_IROUTER, or the byte of GICD_ITARGETSR, as the guest wrote it */
    uint32_t physical;     /* machine INTID, with hw */
    uint16_t intid;
    uint8_t priority;
    uint8_t lr;            /* list register of `queue` that shows it, or VGIC_NO_LR */
    uint8_t list;          /* of `queue` that it is in */
    bool enabled, edge, group1, hw;
    bool assigned;         /* SPI of a device that is the domain's own: hw exactly while the machine's is active */
    bool line;             /* input, as the device drives it */
    bool latch;            /* pending until acknowledged: edge, SGI, or set by GICD_ISPENDR */
    bool active;
    /* SGI of a GICv2: a bit each vCPU that sent it, */
    uint8_t sources;       /* and waits: latch is set exactly while there is one; */
    uint8_t source;        /* whose is in the list register, or active */
    /* While in a list register: */
    bool carried;          /* it was shown as pending because of the latch, */
    bool tied;             /* with hw: the guest's deactivation is the machine's, too */
    bool again;            /* assigned: the machine's interrupt came once more */
    uint8_t fix;           /* what the guest wrote meanwhile: applied when it is folded back */
};
#define VGIC_NO_LR 0xffu

/* The lists of a queue, one a level: those that are active, and those that are pending alone, apart by their group. */
enum vgic_kind { VGIC_ACTIVE, VGIC_GROUP0, VGIC_GROUP1, VGIC_KINDS };

/* What is enabled and pending is here whether its group is forwarded or not. Whatever a guest does puts an interrupt in
 * or takes it out in a few steps, however many there are. In a list, who came first is first. */
struct vgic_queue {
    struct vgic_irq *first[VGIC_KINDS * VGIC_LEVELS]; /* of list kind * VGIC_LEVELS + level; NULL: empty */
    uint32_t levels[VGIC_KINDS];                      /* a bit each level whose list is not empty */
    uint32_t count[VGIC_KINDS];
};

struct vgic_vcpu {
    struct vgic_irq irqs[VGIC_PRIVATE];
    struct vgic_queue queue;
    struct vgic_irq *lrs[VGIC_MAX_LRS]; /* what each list register shows, */
    uint32_t listed;                    /* of those with their bit here; the others are free */
    bool stale;                         /* list registers must be synchronised before the next entry */
    bool sleeps;                        /* GICR_WAKER.ProcessorSleep */
};

struct vgic_domain {
    spinlock_t lock;
    uint32_t version; /* 2 or 3 */
    uint32_t spi_count;
    struct vgic_irq *spis; /* spi_count of them, INTID 32 upwards */
    bool group0, group1;   /* GICD_CTLR: groups forwarded */
    bool closed;           /* the machine's interrupts stay off, whatever the guest still writes */
    struct domain *domain;
};

/* A GICv3 at these guest addresses: distributor 64 KiB, redistributors 128 KiB a vCPU. `spis` has room for
 * spi_count entries, all zero, and belongs to the domain. After domain->vcpus is filled and before the domain runs.
 * XI_ERR_RANGE, XI_ERR_NO_SPACE as mmio_map_add, and for more SPIs or vCPUs than a GICv3 takes. */
XI_MUST_CHECK xi_err vgic_v3_init(struct domain *domain, ipa_t distributor, ipa_t redistributors,
                                  struct vgic_irq *spis, uint32_t spi_count);
/* The distributor of a GICv2, in that many bytes; the CPU interface is the machine's virtual one. Else the same. */
XI_MUST_CHECK xi_err vgic_v2_init(struct domain *domain, ipa_t distributor, uint64_t size, struct vgic_irq *spis,
                                  uint32_t spi_count);
/* An SPI becomes the machine's interrupt of the same number, which irq_assign has tied to this domain. Before the domain
 * runs; XI_ERR_RANGE where the domain has no such SPI. */
XI_MUST_CHECK xi_err vgic_assign(struct domain *domain, uint32_t intid, bool edge);
/* Each vCPU once, before vgic_v2_init or vgic_v3_init. */
void vgic_vcpu_init(struct vcpu *vcpu);
/* Everything as after reset, links kept, inputs low, assigned interrupts off in the machine, too; while no vCPU of the
 * domain runs. */
void vgic_reset(struct domain *domain);
/* (K) For a vCPU that goes off: private interrupts off, inputs low, list registers taken to be empty. */
void vgic_vcpu_reset(struct vcpu *vcpu);
/* Ties a private interrupt to the machine's: its list register is made with hw. Feed it by vgic_pulse
 * each time the machine's interrupt fires. The machine's must be kept active exactly while
 * vgic_is_live; the guest's deactivation does that by itself, but not its clearing of pending. */
void vgic_link(struct vcpu *vcpu, uint32_t intid, uint32_t physical);

/* (K) Input of a private interrupt (16 to 31), of an SPI (32 upwards). Level, or edge where the guest
 * set it so. INTIDs that the domain does not have are ignored. */
void vgic_set_level(struct vcpu *vcpu, uint32_t intid, bool high);
void vgic_set_spi(struct domain *domain, uint32_t intid, bool high);
/* (K) A private interrupt becomes pending once, whatever its configuration. */
void vgic_pulse(struct vcpu *vcpu, uint32_t intid);
/* (K) The machine took an assigned interrupt, which is active there until the guest is done with it. */
void vgic_fire(struct domain *domain, uint32_t intid);
/* The machine's interrupts of the domain go off, and stay so until vgic_reset. */
void vgic_close(struct domain *domain);
/* Whether it is pending or active, as far as the last synchronisation knows. */
bool vgic_is_live(struct vcpu *vcpu, uint32_t intid);

/* Whether vgic_sync has something to do; no lock is taken. */
bool vgic_is_stale(const struct vcpu *vcpu);
/* Makes the next vgic_is_stale true. */
void vgic_set_stale(struct vcpu *vcpu);
/* A bit each list register that is in use. */
uint32_t vgic_listed(const struct vcpu *vcpu);
/* (K: for other vCPUs) Takes back what lrs[] says now, `state` alone, and fills it anew, at most `count` of them. For
 * the vCPU that is loaded here: the caller reads the machine's registers that vgic_listed names before, and writes
 * those that it names before or after. The others stay free, and their entries of lrs[] are not touched. */
struct vgic_result vgic_sync(struct vcpu *vcpu, struct lr *lrs, uint32_t count);
/* The guest ended `count` interrupts that were in no list register (ICH_HCR_EL2.EOIcount). Before vgic_sync. */
void vgic_ended_unlisted(struct vcpu *vcpu, uint32_t count);

/* (K) Writes to ICC_SGI1R_EL1, and to ICC_SGI0R_EL1 or ICC_ASGI1R_EL1 (group 0 alone: one security state). */
void vgic_v3_sgi1r(struct vcpu *vcpu, uint64_t value);
void vgic_v3_sgi0r(struct vcpu *vcpu, uint64_t value);
