/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts of assigned devices: what the guest does with its own, and what becomes of the machine's. */
#include <string.h>

#include <xi/vpsci.h>

#include "fake_guest.h"
#include "test.h"

enum {
    ISENABLER = 0x104,
    ICENABLER = 0x184,
    ISPENDR = 0x204,
    ICPENDR = 0x284,
    ICACTIVER = 0x384,
    IPRIORITYR = 0x400,
    ICFGR = 0xc00,
    IROUTER = 0x6000,
};

#define DEVICE 40u
#define BIT (1u << (DEVICE - 32))
#define NONE 1023u

static void begin(uint32_t vcpus, bool edge)
{
    fake_guest_new(vcpus);
    EXPECT(vgic_assign(&guest.domain, DEVICE, edge) == XI_OK);
    guest_write(0, GICD + ISENABLER, 4, BIT);
}

/* PSCI's CPU_OFF; the list registers are as after reset when it comes back. */
static void go_off(uint32_t vcpu)
{
    guest.vcpus[vcpu].regs.x[0] = 0x84000002u;
    fake_set_current(&guest.vcpus[vcpu]);
    vpsci_call(&guest.vcpus[vcpu]);
    memset(guest.lrs[vcpu], 0, sizeof(guest.lrs[vcpu]));
}

TEST(has_no_interrupt_beyond_its_own)
{
    fake_guest_new(1);
    EXPECT(vgic_assign(&guest.domain, 32 + FAKE_SPIS, false) == XI_ERR_RANGE);
    EXPECT(vgic_assign(&guest.domain, 31, false) == XI_ERR_RANGE);
}

TEST(the_machines_is_on_while_the_guests_is)
{
    fake_guest_new(2);
    EXPECT(vgic_assign(&guest.domain, DEVICE, false) == XI_OK);
    EXPECT(!guest.on[DEVICE]);
    guest_write(0, GICD + IROUTER + 8 * DEVICE, 8, 1);
    EXPECT(!guest.on[DEVICE]); /* a route alone turns nothing on */
    guest_write(0, GICD + ISENABLER, 4, BIT);
    EXPECT(guest.on[DEVICE] && guest.target[DEVICE] == &guest.vcpus[1]);
    guest_write(0, GICD + IROUTER + 8 * DEVICE, 8, 0);
    EXPECT(guest.target[DEVICE] == &guest.vcpus[0]);
    guest_write(0, GICD + ICENABLER, 4, BIT);
    EXPECT(!guest.on[DEVICE]);
}

TEST(the_machines_ends_with_the_guests_alone)
{
    begin(1, false);
    EXPECT(guest_fire(DEVICE) && guest_acknowledge(0) == DEVICE);
    EXPECT(guest.lrs[0][0].hw && guest.lrs[0][0].physical == DEVICE && !guest.lrs[0][0].notify);
    EXPECT(!guest_fire(DEVICE) && guest.held[DEVICE]);
    guest_end(0, DEVICE);
    EXPECT(!guest.held[DEVICE] && guest.ends[DEVICE] == 0);
    EXPECT(guest_acknowledge(0) == NONE);
    EXPECT(guest_fire(DEVICE) && guest_acknowledge(0) == DEVICE);
}

/* The list register still says how the first one went. */
TEST(one_that_comes_right_after_the_end_is_not_lost)
{
    begin(1, true);
    EXPECT(guest_fire(DEVICE) && guest_acknowledge(0) == DEVICE);
    guest_end(0, DEVICE);
    EXPECT(guest_fire(DEVICE) && guest_acknowledge(0) == DEVICE);
    EXPECT(guest.held[DEVICE] && guest.lrs[0][0].hw);
    guest_end(0, DEVICE);
    EXPECT(guest_acknowledge(0) == NONE && !guest.held[DEVICE] && guest.ends[DEVICE] == 0);
}

TEST(the_core_ends_what_the_guest_takes_away)
{
    begin(1, true);
    guest.split = true;
    EXPECT(guest_fire(DEVICE));
    guest_write(0, GICD + ICPENDR, 4, BIT);
    guest_enter(0);
    EXPECT(!guest.held[DEVICE] && guest.ends[DEVICE] == 1);
    EXPECT(guest_fire(DEVICE) && guest_acknowledge(0) == DEVICE);
    guest_write(0, GICD + ICACTIVER, 4, BIT);
    guest_enter(0);
    EXPECT(!guest.held[DEVICE] && guest.ends[DEVICE] == 2);
    EXPECT(guest_fire(DEVICE) && guest_acknowledge(0) == DEVICE);
}

TEST(a_level_that_is_turned_off_is_given_back_and_an_edge_kept)
{
    begin(1, false);
    EXPECT(guest_fire(DEVICE));
    guest_enter(0);
    guest_write(0, GICD + ICENABLER, 4, BIT);
    guest_enter(0);
    EXPECT(!guest.held[DEVICE] && guest.ends[DEVICE] == 1);
    guest_write(0, GICD + ISENABLER, 4, BIT);
    EXPECT(guest_acknowledge(0) == NONE); /* the device need not ask any more */
    begin(1, true);
    EXPECT(guest_fire(DEVICE));
    guest_enter(0);
    guest_write(0, GICD + ICENABLER, 4, BIT);
    EXPECT(guest_acknowledge(0) == NONE && guest.held[DEVICE]);
    guest_write(0, GICD + ISENABLER, 4, BIT);
    EXPECT(guest_acknowledge(0) == DEVICE);
}

TEST(one_that_the_guest_makes_pending_ends_nothing_in_the_machine)
{
    begin(1, false);
    guest_write(0, GICD + ISPENDR, 4, BIT);
    EXPECT(guest_acknowledge(0) == DEVICE && !guest.lrs[0][0].hw);
    EXPECT(guest_fire(DEVICE)); /* the machine's, meanwhile */
    guest_enter(0);
    EXPECT(!guest.lrs[0][0].hw && guest.lrs[0][0].notify);
    guest_end(0, DEVICE);
    EXPECT(guest.held[DEVICE] && guest_acknowledge(0) == DEVICE && guest.lrs[0][0].hw);
    guest_end(0, DEVICE);
    EXPECT(!guest.held[DEVICE] && guest_acknowledge(0) == NONE);
}

/* More active ones than list registers: what has none ends through EOIcount. */
TEST(the_core_ends_what_no_list_register_shows)
{
    begin(1, false);
    guest.split = true;
    guest_write(0, GICD + IPRIORITYR + DEVICE, 1, 0xf0);
    EXPECT(guest_fire(DEVICE) && guest_acknowledge(0) == DEVICE);
    for (uint32_t i = 0; i < FAKE_LRS; i++) {
        EXPECT(vgic_assign(&guest.domain, 41 + i, false) == XI_OK);
        guest_write(0, GICD + ISENABLER, 4, 1u << (9 + i));
        EXPECT(guest_fire(41 + i) && guest_acknowledge(0) == 41 + i);
    }
    EXPECT(guest.held[DEVICE]);
    guest_end(0, DEVICE);
    guest_enter(0);
    vgic_set_stale(&guest.vcpus[0]);
    guest_enter(0);
    EXPECT(!guest.held[DEVICE] && guest.ends[DEVICE] == 1);
}

TEST(the_trigger_is_the_wires)
{
    begin(1, true);
    uint64_t at = GICD + ICFGR + DEVICE / 16 * 4;
    guest_write(0, at, 4, 0);
    EXPECT((guest_read(0, at, 4) >> (DEVICE % 16 * 2) & 3) == 2);
    vgic_reset(&guest.domain);
    EXPECT((guest_read(0, at, 4) >> (DEVICE % 16 * 2) & 3) == 2);
}

TEST(a_vcpu_that_goes_off_holds_no_device)
{
    begin(2, false);
    EXPECT(guest_fire(DEVICE) && guest_acknowledge(0) == DEVICE);
    vgic_set_stale(&guest.vcpus[0]);
    guest_enter(0);
    vgic_vcpu_reset(&guest.vcpus[0]);
    memset(guest.lrs[0], 0, sizeof(guest.lrs[0]));
    EXPECT(!guest.held[DEVICE] && guest.ends[DEVICE] == 1);
}

/* Its end is in the list register alone: a tied one ends without notice. */
TEST(one_that_ended_is_not_pending_again_where_its_vcpu_goes_off)
{
    begin(2, true);
    EXPECT(guest_fire(DEVICE) && guest_acknowledge(0) == DEVICE);
    guest_end(0, DEVICE);
    go_off(0);
    guest_write(1, GICD + IROUTER + 8 * DEVICE, 8, 1);
    EXPECT(guest_acknowledge(1) == NONE && !guest.held[DEVICE]);
    EXPECT(guest_fire(DEVICE) && guest_acknowledge(1) == DEVICE && guest.lrs[1][0].hw);
    guest_end(1, DEVICE);
    EXPECT(!guest.held[DEVICE] && guest.ends[DEVICE] == 0);
}

TEST(one_that_came_again_goes_where_it_is_routed_next)
{
    begin(2, true);
    EXPECT(guest_fire(DEVICE) && guest_acknowledge(0) == DEVICE);
    guest_end(0, DEVICE);
    EXPECT(guest_fire(DEVICE));
    go_off(0);
    guest_write(1, GICD + IROUTER + 8 * DEVICE, 8, 1);
    EXPECT(guest.held[DEVICE] && guest_acknowledge(1) == DEVICE && guest.lrs[1][0].hw);
    guest_end(1, DEVICE);
    EXPECT(guest_acknowledge(1) == NONE && !guest.held[DEVICE] && guest.ends[DEVICE] == 0);
}

TEST(a_domain_that_ends_is_quiet_and_begins_anew)
{
    begin(1, false);
    EXPECT(guest_fire(DEVICE) && guest_acknowledge(0) == DEVICE);
    vgic_close(&guest.domain);
    EXPECT(!guest.on[DEVICE]);
    guest_write(0, GICD + ISENABLER, 4, BIT); /* its last vCPU has not stopped yet */
    guest_write(0, GICD + IROUTER + 8 * DEVICE, 8, 0);
    EXPECT(!guest.on[DEVICE]);
    vgic_reset(&guest.domain);
    memset(guest.lrs[0], 0, sizeof(guest.lrs[0]));
    guest.nested[0] = 0;
    EXPECT(!guest.held[DEVICE] && !guest.on[DEVICE]);
    guest_write(0, GICD, 4, 3);
    EXPECT(guest_acknowledge(0) == NONE);
    guest_write(0, GICD + ISENABLER, 4, BIT);
    guest_write(0, GICD + ISPENDR, 4, BIT);
    EXPECT(guest_acknowledge(0) == DEVICE && !guest.lrs[0][0].hw); /* the machine holds none */
    guest_end(0, DEVICE);
    EXPECT(guest.on[DEVICE] && guest_fire(DEVICE) && guest_acknowledge(0) == DEVICE);
}
