/* SPDX-License-Identifier: Apache-2.0 */
/* The vGIC against list registers that are plain arrays: registers, levels, edges and priorities. */
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
