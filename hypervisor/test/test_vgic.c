/* SPDX-License-Identifier: Apache-2.0 */
/* The vGIC against list registers that are plain arrays. */
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

#define UART_SPI 32u
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

static void prioritise(uint32_t intid, uint8_t priority)
{
    guest_write(0, GICD + IPRIORITYR + intid, 1, priority);
}

static uint32_t shown(uint32_t vcpu)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < FAKE_LRS; i++) {
        count += guest.lrs[vcpu][i].state != LR_INVALID;
    }
    return count;
}

TEST(identifies_itself_as_a_gicv3_of_the_right_size)
{
    fake_guest_new(3);
    EXPECT(guest_read(0, GICD, 4) == 0x53); /* ARE, DS, both groups */
    EXPECT((guest_read(0, GICD + 4, 4) & 31) == (32 + FAKE_SPIS) / 32 - 1);
    EXPECT((guest_read(0, GICD + 0xffe8, 4) & 0xf0) == 0x30);
    EXPECT((guest_read(0, GICR + 0xffe8, 4) & 0xf0) == 0x30);
    EXPECT(guest_read(0, GICR + 8, 8) == 0);
    EXPECT(guest_read(0, GICR + 0x20000 + 8, 8) == (1ULL << 32 | 1u << 8));
    EXPECT(guest_read(0, GICR + 0x40000 + 8, 8) == (2ULL << 32 | 2u << 8 | 1u << 4)); /* the last */
    EXPECT(guest_read(0, GICR + 0x40000 + 12, 4) == 2); /* upper half alone */
}

TEST(numbers_affinities_in_clusters_of_sixteen)
{
    fake_guest_new(18);
    EXPECT(guest_read(0, GICR + 17 * 0x20000 + 8, 8) >> 32 == 0x101);
}

TEST(wakes_a_redistributor)
{
    fake_guest_new(1);
    EXPECT(guest_read(0, GICR + 0x14, 4) == 6);
    guest_write(0, GICR + 0x14, 4, 0);
    EXPECT(guest_read(0, GICR + 0x14, 4) == 0);
}

TEST(reads_as_zero_what_it_does_not_have)
{
    fake_guest_new(1);
    for (uint64_t offset = 0; offset < 0x10000; offset += 4) { /* nor does any access hurt */
        guest_write(0, GICD + offset, 4, 0xffffffff);
        guest_write(0, GICR + offset, 4, 0xffffffff);
        guest_write(0, GICR_SGI(0) + offset, 4, 0xffffffff);
        guest_read(0, GICD + offset, 4);
        guest_read(0, GICR + offset, 4);
        guest_read(0, GICR_SGI(0) + offset, 4);
    }
    EXPECT(guest_read(0, GICD + ISENABLER, 4) == 0);         /* private ones are the redistributor's */
    EXPECT(guest_read(0, GICR_SGI(0) + ISENABLER + 4, 4) == 0); /* and shared ones the distributor's */
    EXPECT(guest_read(0, GICD + ISENABLER + 12, 4) == 0);    /* beyond FAKE_SPIS */
    EXPECT(guest_read(0, GICD + 0xf00, 4) == 0);
    EXPECT(guest_read(0, GICD + 0x800, 4) == 0);
}

TEST(ignores_accesses_of_a_wrong_size)
{
    fake_guest_new(1);
    guest_write(0, GICD + ISENABLER + 4, 1, 0xff);
    guest_write(0, GICD + ISENABLER + 4, 2, 0xffff);
    guest_write(0, GICD + ISENABLER, 8, ~0ULL);
    guest_write(0, GICD + IPRIORITYR + 32, 8, ~0ULL);
    EXPECT(guest_read(0, GICD + ISENABLER + 4, 4) == 0);
    EXPECT(guest_read(0, GICD + IPRIORITYR + 32, 4) == 0);
}

TEST(keeps_priorities_by_byte_and_word)
{
    fake_guest_new(1);
    guest_write(0, GICD + IPRIORITYR + 33, 1, 0xa7);
    EXPECT(guest_read(0, GICD + IPRIORITYR + 32, 4) == 0xa000); /* five bits */
    guest_write(0, GICR_SGI(0) + IPRIORITYR + 4, 4, 0x10203040);
    EXPECT(guest_read(0, GICR_SGI(0) + IPRIORITYR + 5, 1) == 0x30);
}

TEST(keeps_routes_whole_or_by_half)
{
    fake_guest_new(2);
    guest_write(0, GICD + IROUTER + 8 * 40, 8, 0xff80000001ULL);
    EXPECT(guest_read(0, GICD + IROUTER + 8 * 40, 8) == 0xff00000001ULL); /* not "any CPU" */
    guest_write(0, GICD + IROUTER + 8 * 40 + 4, 4, 0);
    EXPECT(guest_read(0, GICD + IROUTER + 8 * 40, 8) == 1);
    EXPECT(guest_read(0, GICD + IROUTER + 8 * 40, 4) == 1);
    EXPECT(guest_read(0, GICD + IROUTER + 8 * 31, 8) == 0);
}

TEST(sgis_are_edges_whatever_is_written)
{
    fake_guest_new(1);
    guest_write(0, GICR_SGI(0) + ICFGR, 4, 0);
    EXPECT(guest_read(0, GICR_SGI(0) + ICFGR, 4) == 0xaaaaaaaa);
    guest_write(0, GICR_SGI(0) + ICFGR + 4, 4, 0xffffffff);
    EXPECT(guest_read(0, GICR_SGI(0) + ICFGR + 4, 4) == 0xaaaaaaaa);
}

TEST(shows_nothing_that_is_disabled_or_whose_group_is_off)
{
    fake_guest_new(1);
    vgic_set_spi(&guest.domain, UART_SPI, true);
    EXPECT(guest_acknowledge(0) == NONE);
    guest_write(0, GICD, 4, 1); /* group 0 alone */
    enable(UART_SPI);
    EXPECT(guest_acknowledge(0) == NONE);
    guest_write(0, GICD, 4, 2);
    EXPECT(guest_acknowledge(0) == UART_SPI);
    EXPECT(guest.lrs[0][0].group1);
}

TEST(an_interrupt_whose_group_is_off_waits_and_wakes_nobody)
{
    fake_guest_new(2);
    enable(40);
    make_edge(40);
    route(40, 1);
    guest_write(0, GICD, 4, 1);
    guest_enter(1);
    uint32_t kicks = guest.kicks[1];
    vgic_set_spi(&guest.domain, 40, true);
    EXPECT(guest.kicks[1] == kicks && !vgic_is_stale(&guest.vcpus[1]));
    guest_write(0, GICD, 4, 3);
    EXPECT(guest.kicks[1] == kicks + 1);
    guest_enter(1);
    EXPECT(shown(1) == 1 && guest.result[1].pending);
    guest_write(0, GICD, 4, 1);
    EXPECT(guest_acknowledge(1) == NONE && shown(1) == 0 && !guest.result[1].pending);
    guest_write(0, GICD, 4, 3);
    EXPECT(guest_acknowledge(1) == 40);
}

TEST(of_equal_priority_those_of_a_group_that_is_off_take_no_list_register)
{
    fake_guest_new(1);
    for (uint32_t intid = 40; intid < 48; intid++) {
        enable(intid);
        make_edge(intid);
        vgic_set_spi(&guest.domain, intid, true);
    }
    guest_write(0, GICD + 0x84, 4, ~(1u << 8)); /* GICD_IGROUPR: 40 is in group 0 */
    guest_write(0, GICD, 4, 1);
    guest_enter(0);
    EXPECT(vgic_listed(&guest.vcpus[0]) == 1 && !guest.result[0].more_pending);
    guest_write(0, GICD, 4, 2);
    guest_enter(0);
    EXPECT(vgic_listed(&guest.vcpus[0]) == (1u << FAKE_LRS) - 1 && guest.result[0].more_pending);
    for (uint32_t i = 0; i < FAKE_LRS; i++) {
        EXPECT(guest.lrs[0][i].intid != 40 && guest.lrs[0][i].group1);
    }
}

TEST(what_is_active_and_pending_waits_for_its_end)
{
    fake_guest_new(1);
    enable(40);
    make_edge(40);
    vgic_set_spi(&guest.domain, 40, true);
    EXPECT(guest_acknowledge(0) == 40);
    guest_write(0, GICD + ISPENDR + 4, 4, 1u << 8);
    guest_enter(0);
    EXPECT(guest.lrs[0][0].state == LR_PENDING_ACTIVE && !guest.result[0].pending);
    guest_end(0, 40);
    EXPECT(guest_acknowledge(0) == 40);
}

TEST(withdraws_a_pending_interrupt_that_is_disabled)
{
    fake_guest_new(1);
    enable(UART_SPI);
    vgic_set_spi(&guest.domain, UART_SPI, true);
    guest_enter(0);
    EXPECT(shown(0) == 1);
    guest_write(0, GICD + ICENABLER + 4, 4, 1);
    guest_enter(0);
    EXPECT(shown(0) == 0);
    enable(UART_SPI);
    EXPECT(guest_acknowledge(0) == UART_SPI);
}

TEST(a_level_comes_again_until_it_falls)
{
    fake_guest_new(1);
    enable(UART_SPI);
    vgic_set_spi(&guest.domain, UART_SPI, true);
    EXPECT(guest_acknowledge(0) == UART_SPI);
    EXPECT(guest_acknowledge(0) == NONE); /* not while it is active */
    guest_end(0, UART_SPI);
    EXPECT(guest_acknowledge(0) == UART_SPI);
    vgic_set_spi(&guest.domain, UART_SPI, false);
    guest_end(0, UART_SPI);
    EXPECT(guest_acknowledge(0) == NONE);
}

TEST(a_level_that_falls_before_it_is_taken_is_withdrawn)
{
    fake_guest_new(1);
    enable(UART_SPI);
    vgic_set_spi(&guest.domain, UART_SPI, true);
    guest_enter(0);
    EXPECT(guest.lrs[0][0].state == LR_PENDING);
    vgic_set_spi(&guest.domain, UART_SPI, false);
    EXPECT(guest_acknowledge(0) == NONE);
}

TEST(an_edge_comes_once_however_long_the_line_stays)
{
    fake_guest_new(1);
    make_edge(40);
    enable(40);
    vgic_set_spi(&guest.domain, 40, true);
    EXPECT(guest_acknowledge(0) == 40);
    guest_end(0, 40);
    EXPECT(guest_acknowledge(0) == NONE);
    vgic_set_spi(&guest.domain, 40, false);
    EXPECT(guest_acknowledge(0) == NONE);
    vgic_set_spi(&guest.domain, 40, true);
    EXPECT(guest_acknowledge(0) == 40);
}

TEST(an_edge_during_its_handler_is_not_lost)
{
    fake_guest_new(1);
    make_edge(40);
    enable(40);
    vgic_set_spi(&guest.domain, 40, true);
    EXPECT(guest_acknowledge(0) == 40);
    vgic_set_spi(&guest.domain, 40, false);
    vgic_set_spi(&guest.domain, 40, true);
    guest_enter(0);
    EXPECT(guest.lrs[0][0].state == LR_PENDING_ACTIVE);
    guest_end(0, 40);
    EXPECT(guest_acknowledge(0) == 40);
    guest_end(0, 40);
    EXPECT(guest_acknowledge(0) == NONE);
}

TEST(takes_the_most_urgent_first)
{
    fake_guest_new(1);
    for (uint32_t i = 0; i < 12; i++) {
        prioritise(40 + i, (uint8_t)(0xf0 - 8 * i));
        enable(40 + i);
        vgic_set_spi(&guest.domain, 40 + i, true);
    }
    for (uint32_t i = 0; i < 12; i++) {
        uint32_t intid = guest_acknowledge(0);
        EXPECT(intid == 51 - i);
        vgic_set_spi(&guest.domain, intid, false);
        guest_end(0, intid);
    }
    EXPECT(guest_acknowledge(0) == NONE);
}

TEST(asks_for_maintenance_when_more_wait_than_can_be_shown)
{
    fake_guest_new(1);
    for (uint32_t i = 0; i < FAKE_LRS; i++) {
        enable(40 + i);
        vgic_set_spi(&guest.domain, 40 + i, true);
    }
    guest_enter(0);
    EXPECT(guest.result[0].pending && !guest.result[0].more_pending);
    enable(50);
    vgic_set_spi(&guest.domain, 50, true);
    guest_enter(0);
    EXPECT(guest.result[0].more_pending);
}

TEST(active_interrupts_cannot_hide_a_pending_one)
{
    fake_guest_new(1);
    guest.split = true;
    for (uint32_t i = 0; i < 10; i++) { /* acknowledged, none deactivated */
        make_edge(40 + i);
        enable(40 + i);
        vgic_set_spi(&guest.domain, 40 + i, true);
        EXPECT(guest_acknowledge(0) == 40 + i);
    }
    EXPECT(guest.result[0].more_active);
    EXPECT(guest_read(0, GICD + ISACTIVER + 4, 4) == 0x3ff00);
}

TEST(ends_active_interrupts_that_no_register_shows)
{
    fake_guest_new(1);
    for (uint32_t i = 0; i < 8; i++) { /* each preempts the one before */
        make_edge(40 + i);
        prioritise(40 + i, (uint8_t)(0xf0 - 8 * i));
        enable(40 + i);
        vgic_set_spi(&guest.domain, 40 + i, true);
        EXPECT(guest_acknowledge(0) == 40 + i);
    }
    for (uint32_t i = 8; i-- > 0;) {
        guest_end(0, 40 + i);
    }
    EXPECT(guest_read(0, GICD + ISACTIVER + 4, 4) == 0);
    EXPECT(shown(0) == 0);
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

/* Random histories of edges, levels, routes and priorities on four vCPUs. Nothing may be lost, nothing
 * made up, nothing shown twice, and what is taken is never less urgent than what waits. */
#define IRQS 24u
#define VCPUS 4u

static uint32_t random_state;

static uint32_t next_random(uint32_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state % below;
}

static struct {
    bool edge, line, owed; /* owed: an edge came after it was last taken */
    bool enabled;
    uint32_t route;
    uint8_t priority;
    uint32_t active_on; /* vCPU + 1 */
} model[IRQS];
static uint32_t stack[VCPUS][64];
static uint32_t depth[VCPUS];

static bool model_pending(uint32_t i)
{
    return model[i].enabled && model[i].active_on == 0 && (model[i].edge ? model[i].owed : model[i].line);
}

static uint8_t model_running(uint32_t v)
{
    return depth[v] == 0 ? 0xff : model[stack[v][depth[v] - 1]].priority;
}

static void take(uint32_t v)
{
    uint32_t intid = guest_acknowledge(v);
    uint32_t best = IRQS;

    for (uint32_t i = 0; i < IRQS; i++) {
        if (model[i].route == v && model_pending(i) && (best == IRQS || model[i].priority < model[best].priority)) {
            best = i;
        }
    }
    if (best == IRQS || model[best].priority >= model_running(v)) {
        EXPECT(intid == NONE);
        return;
    }
    EXPECT(intid != NONE);
    if (intid == NONE) {
        return;
    }
    uint32_t i = intid - 40;
    EXPECT(i < IRQS && model_pending(i) && model[i].route == v && model[i].priority == model[best].priority);
    model[i].owed = false;
    model[i].active_on = v + 1;
    stack[v][depth[v]++] = i;
}

static void end(uint32_t v)
{
    if (depth[v] > 0) {
        uint32_t i = stack[v][--depth[v]];
        guest_end(v, 40 + i);
        model[i].active_on = 0;
    }
}

static void step(void)
{
    uint32_t i = next_random(IRQS);
    uint32_t v = next_random(VCPUS);

    switch (next_random(8)) {
    case 0:
    case 1:
        model[i].owed = model[i].owed || (model[i].edge && !model[i].line);
        model[i].line = !model[i].line;
        fake_set_current(next_random(2) == 0 ? NULL : &guest.vcpus[v]);
        vgic_set_spi(&guest.domain, 40 + i, model[i].line);
        break;
    case 2:
        model[i].enabled = !model[i].enabled;
        guest_write(v, GICD + (model[i].enabled ? ISENABLER : ICENABLER) + (40 + i) / 32 * 4, 4, 1u << ((40 + i) % 32));
        break;
    case 3:
        model[i].route = next_random(VCPUS);
        guest_write(v, GICD + IROUTER + 8 * (40 + i), 8, model[i].route);
        for (uint32_t w = 0; w < VCPUS; w++) {
            guest_enter(w); /* those that were kicked look */
        }
        break;
    case 4:
    case 5:
        end(v);
        for (uint32_t w = 0; w < VCPUS; w++) {
            guest_enter(w);
        }
        break;
    default:
        take(v);
        break;
    }
}

static void check_shown_once(void)
{
    uint32_t seen[IRQS] = {0};

    for (uint32_t v = 0; v < VCPUS; v++) {
        for (uint32_t l = 0; l < FAKE_LRS; l++) {
            if (guest.lrs[v][l].state != LR_INVALID) {
                seen[guest.lrs[v][l].intid - 40]++;
            }
        }
    }
    for (uint32_t i = 0; i < IRQS; i++) {
        EXPECT(seen[i] <= 1);
    }
}

static void random_history(uint32_t seed)
{
    random_state = seed;
    fake_guest_new(VCPUS);
    memset(model, 0, sizeof(model));
    memset(depth, 0, sizeof(depth));
    for (uint32_t i = 0; i < IRQS; i++) {
        model[i].edge = i % 2 == 0;
        model[i].priority = (uint8_t)(next_random(16) * 8 + 8);
        prioritise(40 + i, model[i].priority);
        if (model[i].edge) {
            make_edge(40 + i);
        }
    }
    for (uint32_t n = 0; n < 2000; n++) {
        step();
    }
    for (uint32_t v = 0; v < VCPUS; v++) {
        guest_enter(v);
    }
    check_shown_once();
}

TEST(loses_nothing_and_invents_nothing_in_random_histories)
{
    for (uint32_t seed = 1; seed <= 200; seed++) {
        random_history(seed);
    }
}
