/* SPDX-License-Identifier: Apache-2.0 */
/* The vGIC and its vCPUs: SGIs, routes, kicks, links, and what a reset leaves. */
#include <string.h>

#include "fake_guest.h"
#include "test.h"

enum {
    ISENABLER = 0x100,
    ICENABLER = 0x180,
    ISPENDR = 0x200,
    ICPENDR = 0x280,
    ISACTIVER = 0x300,
    ICACTIVER = 0x380,
    IPRIORITYR = 0x400,
    ICFGR = 0xc00,
    IROUTER = 0x6000,
};

#define NONE 1023u

static void enable(uint32_t intid)
{
    guest_write(0, GICD + ISENABLER + intid / 32 * 4, 4, 1u << (intid % 32));
}

static void enable_private(uint32_t vcpu, uint32_t intid)
{
    guest_write(vcpu, GICR_SGI(vcpu) + ISENABLER, 4, 1u << intid);
}

static void make_edge(uint32_t intid)
{
    uint64_t at = GICD + ICFGR + intid / 16 * 4;
    guest_write(0, at, 4, guest_read(0, at, 4) | 2u << (intid % 16 * 2));
}

static void route(uint32_t intid, uint32_t vcpu)
{
    guest_write(0, GICD + IROUTER + 8 * intid, 8, (vcpu / 16) << 8 | vcpu % 16);
}

static uint32_t shown(uint32_t vcpu)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < FAKE_LRS; i++) {
        count += guest.lrs[vcpu][i].state != LR_INVALID;
    }
    return count;
}

TEST(sgis_reach_the_vcpus_that_are_listed)
{
    fake_guest_new(18);
    for (uint32_t i = 0; i < 18; i++) {
        enable_private(i, 3);
    }
    fake_set_current(&guest.vcpus[0]);
    memset(guest.kicks, 0, sizeof(guest.kicks));
    for (uint32_t i = 0; i < 18; i++) {
        guest_enter(i);
    }
    fake_set_current(&guest.vcpus[0]);
    vgic_v3_sgi1r(&guest.vcpus[0], 3u << 24 | 0x6); /* 1 and 2 of the first cluster */
    EXPECT(guest.kicks[1] == 1 && guest.kicks[2] == 1 && guest.kicks[0] == 0 && guest.kicks[3] == 0);
    EXPECT(guest_acknowledge(1) == 3);
    EXPECT(guest_acknowledge(0) == NONE);
    fake_set_current(&guest.vcpus[0]);
    vgic_v3_sgi1r(&guest.vcpus[0], 3u << 24 | 1u << 16 | 0x2); /* 17 */
    EXPECT(guest_acknowledge(17) == 3);
    EXPECT(guest_acknowledge(16) == NONE);
    vgic_v3_sgi1r(&guest.vcpus[0], 3u << 24 | 1ULL << 44 | 0xffff); /* range that nobody has */
    EXPECT(guest_acknowledge(5) == NONE);
}

TEST(sgis_reach_all_others)
{
    fake_guest_new(3);
    for (uint32_t i = 0; i < 3; i++) {
        enable_private(i, 0);
    }
    vgic_v3_sgi1r(&guest.vcpus[1], 1ULL << 40);
    EXPECT(guest_acknowledge(0) == 0);
    EXPECT(guest_acknowledge(1) == NONE);
    EXPECT(guest_acknowledge(2) == 0);
}

TEST(group_0_sgis_leave_group_1_alone)
{
    fake_guest_new(1);
    enable_private(0, 0);
    vgic_v3_sgi0r(&guest.vcpus[0], 1);
    EXPECT(guest_acknowledge(0) == NONE);
    guest_write(0, GICR_SGI(0) + 0x80, 4, 0xfffffffe);
    vgic_v3_sgi0r(&guest.vcpus[0], 1);
    EXPECT(guest_acknowledge(0) == 0);
    EXPECT(!guest.lrs[0][0].group1);
}

TEST(private_interrupts_are_their_vcpus_own)
{
    fake_guest_new(2);
    enable_private(0, 27);
    enable_private(1, 27);
    vgic_set_level(&guest.vcpus[1], 27, true);
    EXPECT(guest_acknowledge(0) == NONE);
    EXPECT(guest_acknowledge(1) == 27);
}

TEST(kicks_another_vcpu_once_until_it_looks)
{
    fake_guest_new(2);
    enable_private(1, 27);
    guest_enter(1);
    fake_set_current(&guest.vcpus[0]);
    guest.kicks[1] = 0;
    vgic_pulse(&guest.vcpus[1], 27);
    vgic_pulse(&guest.vcpus[1], 27);
    EXPECT(guest.kicks[1] == 1);
    guest_enter(1);
    fake_set_current(&guest.vcpus[0]);
    vgic_pulse(&guest.vcpus[1], 27);
    EXPECT(guest.kicks[1] == 2);
    fake_set_current(&guest.vcpus[1]); /* it traps itself: looks on its way out */
    guest_enter(1);
    vgic_pulse(&guest.vcpus[1], 27);
    EXPECT(guest.kicks[1] == 2);
}

TEST(a_pending_spi_follows_its_route)
{
    fake_guest_new(2);
    guest_enter(1);
    enable(40);
    vgic_set_spi(&guest.domain, 40, true);
    guest_enter(0);
    EXPECT(shown(0) == 1);
    route(40, 1);
    guest_enter(0);
    EXPECT(shown(0) == 0);
    EXPECT(guest.kicks[1] > 0);
    EXPECT(guest_acknowledge(1) == 40);
}

TEST(an_active_spi_moves_when_it_is_ended)
{
    fake_guest_new(2);
    enable(40);
    vgic_set_spi(&guest.domain, 40, true);
    EXPECT(guest_acknowledge(0) == 40);
    route(40, 1);
    guest_enter(0);
    EXPECT(guest.lrs[0][0].state == LR_ACTIVE && guest.lrs[0][0].notify);
    EXPECT(guest_acknowledge(1) == NONE);
    guest_end(0, 40);
    guest_enter(0);
    EXPECT(shown(0) == 0);
    EXPECT(guest_acknowledge(1) == 40);
}

TEST(an_spi_routed_nowhere_waits)
{
    fake_guest_new(2);
    enable(40);
    guest_write(0, GICD + IROUTER + 8 * 40, 8, 0x10000);
    vgic_set_spi(&guest.domain, 40, true);
    EXPECT(guest_acknowledge(0) == NONE);
    EXPECT(guest_acknowledge(1) == NONE);
    route(40, 1);
    EXPECT(guest_acknowledge(1) == 40);
}

TEST(a_linked_interrupt_is_shown_with_the_machines)
{
    fake_guest_new(1);
    vgic_link(&guest.vcpus[0], 27, 27);
    enable_private(0, 27);
    EXPECT(!vgic_is_live(&guest.vcpus[0], 27));
    vgic_pulse(&guest.vcpus[0], 27);
    EXPECT(vgic_is_live(&guest.vcpus[0], 27));
    EXPECT(guest_acknowledge(0) == 27);
    EXPECT(guest.lrs[0][0].hw && guest.lrs[0][0].physical == 27 && !guest.lrs[0][0].notify);
    vgic_pulse(&guest.vcpus[0], 27); /* never pending and active at once */
    guest_enter(0);
    EXPECT(guest.lrs[0][0].state == LR_ACTIVE);
    guest_end(0, 27);
    vgic_set_stale(&guest.vcpus[0]);
    EXPECT(guest_acknowledge(0) == 27);
    guest_end(0, 27);
    vgic_set_stale(&guest.vcpus[0]);
    guest_enter(0);
    EXPECT(!vgic_is_live(&guest.vcpus[0], 27));
}

TEST(reads_its_own_pending_and_active_state_exactly)
{
    fake_guest_new(1);
    enable_private(0, 5);
    vgic_v3_sgi1r(&guest.vcpus[0], 5u << 24 | 1);
    guest_enter(0);
    EXPECT(guest_read(0, GICR_SGI(0) + ISPENDR, 4) == 1u << 5);
    EXPECT(guest_acknowledge(0) == 5);
    EXPECT(guest_read(0, GICR_SGI(0) + ISPENDR, 4) == 0);
    EXPECT(guest_read(0, GICR_SGI(0) + ISACTIVER, 4) == 1u << 5);
    guest_end(0, 5);
    EXPECT(guest_read(0, GICR_SGI(0) + ISACTIVER, 4) == 0);
}

TEST(tells_a_running_vcpu_when_another_reads_its_state)
{
    fake_guest_new(2);
    enable_private(1, 5);
    vgic_v3_sgi1r(&guest.vcpus[0], 5u << 24 | 2);
    EXPECT(guest_acknowledge(1) == 5);
    vgic_set_stale(&guest.vcpus[1]);
    guest_enter(1); /* known as active now; ended without a trap: */
    guest_end(1, 5);
    guest.kicks[1] = 0;
    EXPECT(guest_read(0, GICR_SGI(1) + ISACTIVER, 4) == 1u << 5);
    EXPECT(guest.kicks[1] == 1);
    guest_enter(1);
    EXPECT(guest_read(0, GICR_SGI(1) + ISACTIVER, 4) == 0);
}

TEST(the_guest_sets_and_clears_pending)
{
    fake_guest_new(1);
    enable(40);
    guest_write(0, GICD + ISPENDR + 4, 4, 1u << 8);
    guest_enter(0);
    EXPECT(guest.lrs[0][0].state == LR_PENDING);
    guest_write(0, GICD + ICPENDR + 4, 4, 1u << 8);
    EXPECT(guest_read(0, GICD + ISPENDR + 4, 4) == 0);
    EXPECT(guest_acknowledge(0) == NONE);
    vgic_set_spi(&guest.domain, 40, true);
    guest_write(0, GICD + ICPENDR + 4, 4, 1u << 8); /* the level is the device's */
    EXPECT(guest_acknowledge(0) == 40);
    vgic_set_spi(&guest.domain, 40, false);
    guest_write(0, GICD + ISPENDR + 4, 4, 1u << 8); /* while active: shown when it is ended */
    guest_end(0, 40);
    EXPECT(guest_acknowledge(0) == 40);
    guest_end(0, 40);
    EXPECT(guest_acknowledge(0) == NONE);
}

TEST(the_guest_sets_and_clears_active)
{
    fake_guest_new(1);
    enable(40);
    guest_write(0, GICD + ISACTIVER + 4, 4, 1u << 8);
    vgic_set_spi(&guest.domain, 40, true);
    EXPECT(guest_acknowledge(0) == NONE);
    guest_write(0, GICD + ICACTIVER + 4, 4, 1u << 8);
    EXPECT(guest_acknowledge(0) == 40);
    guest_write(0, GICD + ICACTIVER + 4, 4, 1u << 8); /* in a list register */
    EXPECT(guest_read(0, GICD + ISACTIVER + 4, 4) == 0);
    guest.nested[0] = 0;
    EXPECT(guest_acknowledge(0) == 40);
}

TEST(a_vcpu_that_goes_off_gives_shared_interrupts_back)
{
    fake_guest_new(2);
    enable(40);
    route(40, 1);
    make_edge(40);
    enable_private(1, 27);
    vgic_set_spi(&guest.domain, 40, true);
    vgic_pulse(&guest.vcpus[1], 27);
    guest_enter(1);
    EXPECT(shown(1) == 2);
    vgic_vcpu_reset(&guest.vcpus[1]);
    EXPECT(vgic_listed(&guest.vcpus[1]) == 0);
    memset(guest.lrs[1], 0, sizeof(guest.lrs[1]));
    guest_enter(1);
    EXPECT(shown(1) == 1);
    EXPECT(guest_acknowledge(1) == 40);
    EXPECT(guest_read(0, GICR_SGI(1) + ISENABLER, 4) == 0);
}

TEST(a_vcpu_that_goes_off_gives_back_what_it_can_have_taken)
{
    uint32_t left = 0;

    fake_guest_new(2);
    guest_write(0, GICD + ISACTIVER + 4, 4, ~0u);
    guest_write(0, GICD + ISACTIVER + 8, 4, ~0u);
    guest_enter(0);
    vgic_vcpu_reset(&guest.vcpus[0]);
    memset(guest.lrs[0], 0, sizeof(guest.lrs[0]));
    for (uint32_t i = 0; i < FAKE_SPIS; i++) {
        left += guest.spis[i].active;
    }
    EXPECT(left == FAKE_SPIS - FAKE_LRS - 32);
    guest_write(0, GICD + ICACTIVER + 4, 4, ~0u);
    guest_write(0, GICD + ICACTIVER + 8, 4, ~0u);
    guest_enter(0);
    EXPECT(shown(0) == 0 && guest.result[0].more_active == false);
}

TEST(reset_forgets_everything_but_links)
{
    fake_guest_new(2);
    vgic_link(&guest.vcpus[0], 27, 27);
    enable(40);
    enable_private(0, 27);
    vgic_set_spi(&guest.domain, 40, true);
    vgic_pulse(&guest.vcpus[0], 27);
    guest_enter(0);
    vgic_reset(&guest.domain);
    memset(guest.lrs, 0, sizeof(guest.lrs));
    EXPECT(guest_read(0, GICD, 4) == 0x50);
    EXPECT(guest_read(0, GICD + ISENABLER + 4, 4) == 0);
    EXPECT(guest_acknowledge(0) == NONE);
    guest_write(0, GICD, 4, 3);
    enable_private(0, 27);
    vgic_pulse(&guest.vcpus[0], 27);
    EXPECT(guest_acknowledge(0) == 27);
    EXPECT(guest.lrs[0][0].hw);
}

TEST(inputs_that_do_not_exist_are_ignored)
{
    fake_guest_new(1);
    vgic_set_spi(&guest.domain, 32 + FAKE_SPIS, true);
    vgic_set_spi(&guest.domain, 31, true);
    vgic_set_level(&guest.vcpus[0], 32, true);
    vgic_set_level(&guest.vcpus[0], 15, true);
    vgic_pulse(&guest.vcpus[0], 32);
    EXPECT(guest_acknowledge(0) == NONE);
}
