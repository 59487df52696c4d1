/* SPDX-License-Identifier: Apache-2.0 */
/* The GICv2's own part of the vGIC: targets, SGIs with senders, banked registers (Arm IHI 0048B, 4.3). */
#include <string.h>

#include "fake_guest.h"
#include "test.h"

enum {
    IGROUPR = 0x080,
    ISENABLER = 0x100,
    ICENABLER = 0x180,
    ISPENDR = 0x200,
    ICPENDR = 0x280,
    ISACTIVER = 0x300,
    IPRIORITYR = 0x400,
    ITARGETSR = 0x800,
    ICFGR = 0xc00,
    SGIR = 0xf00,
    CPENDSGIR = 0xf10,
    SPENDSGIR = 0xf20,
};

#define NONE 1023u
#define LISTED(vcpus) ((uint32_t)(vcpus) << 16)
#define OTHERS (1u << 24)
#define SELF (2u << 24)

static void send(uint32_t from, uint32_t value)
{
    guest_write(from, GICD + SGIR, 4, value);
}

static void enable(uint32_t intid)
{
    guest_write(0, GICD + ISENABLER + intid / 32 * 4, 4, 1u << (intid % 32));
}

static void target(uint32_t intid, uint8_t vcpus)
{
    guest_write(0, GICD + ITARGETSR + intid, 1, vcpus);
}

TEST(identifies_itself_as_a_gicv2_of_the_right_size)
{
    fake_guest_new_v2(3);
    EXPECT(guest_read(0, GICD, 4) == 3); /* both groups */
    EXPECT(guest_read(0, GICD + 4, 4) == (((32 + FAKE_SPIS) / 32 - 1) | 2u << 5)); /* no Security Extensions */
    EXPECT(guest_read(0, GICD + 8, 4) == 0x43b);
    EXPECT((guest_read(0, GICD + 0xfe8, 4) & 0xf0) == 0x20);
}

TEST(takes_eight_vcpus_and_no_more)
{
    fake_guest_new_v2(8);
    EXPECT(guest_read(7, GICD + ITARGETSR, 4) == 0x80808080);
    guest.domain.vcpu_count = 9;
    guest.domain.mmio.count = 0;
    EXPECT(vgic_v2_init(&guest.domain, (ipa_t){GICD}, 0x1000, guest.spis, FAKE_SPIS) == XI_ERR_RANGE);
}

TEST(survives_every_access)
{
    fake_guest_new_v2(2);
    for (uint32_t size = 1; size <= 8; size *= 2) {
        for (uint64_t offset = 0; offset < 0x1000; offset += size) {
            guest_write(1, GICD + offset, size, ~0ULL);
            guest_read(1, GICD + offset, size);
        }
    }
    for (uint32_t v = 0; v < 2; v++) {
        for (uint32_t i = 0; i < 200; i++) {
            uint32_t intid = guest_acknowledge(v);
            if (intid != NONE) {
                guest_end(v, intid);
            }
        }
    }
    EXPECT(guest_read(0, GICD + ISENABLER + 12, 4) == 0); /* beyond FAKE_SPIS */
    EXPECT(guest_read(0, GICD + 0xd00, 4) == 0);
}

TEST(private_registers_are_the_readers_own)
{
    fake_guest_new_v2(2);
    guest_write(1, GICD + ISENABLER, 4, 1u << 27);
    EXPECT(guest_read(0, GICD + ISENABLER, 4) == 0xffff); /* SGIs are on from the start */
    EXPECT(guest_read(1, GICD + ISENABLER, 4) == (1u << 27 | 0xffff));
    guest_write(1, GICD + IPRIORITYR + 27, 1, 0x50);
    EXPECT(guest_read(0, GICD + IPRIORITYR + 24, 4) == 0);
    EXPECT(guest_read(1, GICD + IPRIORITYR + 24, 4) == 0x50000000);
    EXPECT(guest_read(1, GICD + ICFGR, 4) == 0xaaaaaaaa);
    vgic_set_level(&guest.vcpus[1], 27, true);
    EXPECT(guest_acknowledge(0) == NONE);
    EXPECT(guest_acknowledge(1) == 27);
}

TEST(interrupts_are_in_group_0_until_the_guest_says_so)
{
    fake_guest_new_v2(1);
    guest_write(0, GICD, 4, 1);
    enable(40);
    vgic_set_spi(&guest.domain, 40, true);
    EXPECT(guest_acknowledge(0) == 40);
    EXPECT(!guest.lrs[0][0].group1);
    guest_end(0, 40);
    guest_write(0, GICD + IGROUPR + 4, 4, 1u << 8);
    EXPECT(guest_acknowledge(0) == NONE); /* not forwarded */
    guest_write(0, GICD, 4, 2);
    EXPECT(guest_acknowledge(0) == 40);
    EXPECT(guest.lrs[0][0].group1);
}

TEST(keeps_targets_by_byte_and_word)
{
    fake_guest_new_v2(3);
    EXPECT(guest_read(0, GICD + ITARGETSR + 40, 4) == 0x01010101); /* the first one at reset */
    guest_write(0, GICD + ITARGETSR + 40, 4, 0xff040201);
    EXPECT(guest_read(0, GICD + ITARGETSR + 40, 4) == 0x07040201); /* those that are there */
    EXPECT(guest_read(0, GICD + ITARGETSR + 42, 1) == 4);
    guest_write(0, GICD + ITARGETSR + 40, 2, 0);
    EXPECT(guest_read(0, GICD + ITARGETSR + 40, 2) == 0);
    EXPECT(guest_read(0, GICD + ITARGETSR + 40, 4) == 0x07040201);
    guest_write(2, GICD + ITARGETSR, 4, 0xffffffff);
    EXPECT(guest_read(2, GICD + ITARGETSR + 28, 4) == 0x04040404); /* private: the reader */
    EXPECT(guest_read(0, GICD + ITARGETSR + 32 + FAKE_SPIS, 4) == 0);
}

TEST(an_spi_goes_to_one_of_its_targets)
{
    fake_guest_new_v2(3);
    enable(40);
    target(40, 6);
    vgic_set_spi(&guest.domain, 40, true);
    EXPECT(guest_acknowledge(0) == NONE);
    EXPECT(guest_acknowledge(2) == NONE);
    EXPECT(guest_acknowledge(1) == 40);
    guest_end(1, 40);
    target(40, 0);
    guest_enter(1);
    for (uint32_t v = 0; v < 3; v++) {
        EXPECT(guest_acknowledge(v) == NONE);
    }
    target(40, 4);
    EXPECT(guest_acknowledge(2) == 40);
}

TEST(sgis_reach_whom_the_filter_says)
{
    fake_guest_new_v2(4);
    send(1, LISTED(0xf5) | 3);
    EXPECT(guest_acknowledge(0) == 3 && guest.sender[0] == 1);
    EXPECT(guest_acknowledge(1) == NONE);
    EXPECT(guest_acknowledge(2) == 3 && guest.sender[2] == 1);
    EXPECT(guest_acknowledge(3) == NONE);
    guest_end(0, 3);
    guest_end(2, 3);
    send(2, OTHERS | LISTED(4) | 4);
    EXPECT(guest_acknowledge(0) == 4 && guest_acknowledge(1) == 4 && guest_acknowledge(3) == 4);
    EXPECT(guest_acknowledge(2) == NONE);
    send(2, SELF | LISTED(1) | 5);
    EXPECT(guest_acknowledge(2) == 5 && guest.sender[2] == 2);
    guest_end(2, 5);
    send(2, 3u << 24 | LISTED(0xff) | 6); /* reserved */
    EXPECT(guest_acknowledge(2) == NONE);
}

TEST(sgis_of_each_sender_come_once)
{
    fake_guest_new_v2(8);
    uint32_t seen = 0;
    for (uint32_t v = 0; v < 8; v++) {
        send(v, LISTED(1) | 3);
        send(v, LISTED(1) | 3); /* the same once more: one that waits is enough */
    }
    EXPECT(guest_read(0, GICD + SPENDSGIR + 3, 1) == 0xff);
    for (uint32_t i = 0; i < 8; i++) {
        EXPECT(guest_acknowledge(0) == 3);
        EXPECT((seen >> guest.sender[0] & 1) == 0);
        seen |= 1u << guest.sender[0];
        EXPECT(guest_acknowledge(0) == NONE);
        guest_end(0, 3);
    }
    EXPECT(seen == 0xff);
    EXPECT(guest_acknowledge(0) == NONE);
    EXPECT(guest_read(0, GICD + SPENDSGIR, 4) == 0);
}

TEST(an_sgi_keeps_its_sender_while_it_is_active)
{
    fake_guest_new_v2(4);
    send(2, LISTED(1) | 3);
    EXPECT(guest_acknowledge(0) == 3);
    send(1, LISTED(1) | 3);
    guest_enter(0);
    EXPECT(guest.lrs[0][0].state == LR_ACTIVE && guest.lrs[0][0].source == 2 && guest.lrs[0][0].notify);
    send(2, LISTED(1) | 3);
    guest_enter(0);
    EXPECT(guest.lrs[0][0].state == LR_PENDING_ACTIVE && guest.lrs[0][0].source == 2);
    EXPECT(guest_read(0, GICD + SPENDSGIR, 4) == 0x06000000);
    guest_end(0, 3);
    EXPECT(guest_acknowledge(0) == 3 && guest.sender[0] == 2);
    guest_end(0, 3);
    EXPECT(guest_acknowledge(0) == 3 && guest.sender[0] == 1);
    guest_end(0, 3);
    EXPECT(guest_acknowledge(0) == NONE);
}

TEST(the_guest_sets_and_clears_pending_by_sender)
{
    fake_guest_new_v2(4);
    guest_write(0, GICD + SPENDSGIR + 8, 4, 0xf0a00600); /* 9 from 1 and 2, 11 from none that is there */
    EXPECT(guest_read(0, GICD + CPENDSGIR + 8, 4) == 0x00000600);
    EXPECT(guest_read(0, GICD + ISPENDR, 4) == 1u << 9);
    EXPECT(guest_read(1, GICD + SPENDSGIR + 8, 4) == 0);
    guest_enter(0);
    guest_write(0, GICD + CPENDSGIR + 9, 1, 2); /* the one that is shown */
    EXPECT(guest_acknowledge(0) == 9 && guest.sender[0] == 2);
    guest_end(0, 9);
    EXPECT(guest_acknowledge(0) == NONE);
    guest_write(0, GICD + SPENDSGIR + 9, 1, 4);
    guest_write(0, GICD + CPENDSGIR + 9, 1, 0xff);
    EXPECT(guest_acknowledge(0) == NONE);
}

TEST(pending_registers_leave_sgis_alone)
{
    fake_guest_new_v2(1);
    guest_write(0, GICD + ISPENDR, 4, 1u << 27 | 0xffff);
    EXPECT(guest_read(0, GICD + ISPENDR, 4) == 1u << 27);
    send(0, SELF | 3);
    guest_write(0, GICD + ICPENDR, 4, 0xffffffff);
    EXPECT(guest_read(0, GICD + ISPENDR, 4) == 1u << 3);
    EXPECT(guest_acknowledge(0) == 3);
    EXPECT(guest_read(0, GICD + ISACTIVER, 4) == 1u << 3);
}

TEST(a_disabled_sgi_waits_with_its_senders)
{
    fake_guest_new_v2(3);
    guest_write(0, GICD + ICENABLER, 4, 1u << 3);
    send(1, LISTED(1) | 3);
    send(2, LISTED(1) | 3);
    EXPECT(guest_acknowledge(0) == NONE);
    guest_write(0, GICD + ISENABLER, 4, 1u << 3);
    EXPECT(guest_acknowledge(0) == 3 && guest.sender[0] == 1);
    guest_end(0, 3);
    EXPECT(guest_acknowledge(0) == 3 && guest.sender[0] == 2);
}

TEST(reset_forgets_senders_and_targets)
{
    fake_guest_new_v2(2);
    send(1, LISTED(1) | 3);
    target(40, 2);
    vgic_reset(&guest.domain);
    memset(guest.lrs, 0, sizeof(guest.lrs));
    EXPECT(guest_read(0, GICD, 4) == 0);
    EXPECT(guest_read(0, GICD + SPENDSGIR, 4) == 0);
    EXPECT(guest_read(0, GICD + ITARGETSR + 40, 1) == 1);
    guest_write(0, GICD, 4, 1);
    EXPECT(guest_acknowledge(0) == NONE);
}

/* Random histories of SGIs between eight vCPUs. Each (number, sender, receiver) is an interrupt of its own: it comes
 * as often as it was sent while it did not wait, and is never made up. */
#define VCPUS 8u
#define SGIS 16u

static uint32_t owed[VCPUS][SGIS]; /* senders, by receiver */
static uint32_t active[VCPUS];     /* number + 1 */

static void step(void)
{
    uint32_t v = (uint32_t)test_random(VCPUS);
    uint32_t intid = (uint32_t)test_random(SGIS);

    if (test_random(2) == 0) {
        uint32_t to = (uint32_t)test_random(1u << VCPUS);
        send(v, LISTED(to) | intid);
        for (uint32_t w = 0; w < VCPUS; w++) {
            owed[w][intid] |= (to >> w & 1) << v;
        }
        return;
    }
    if (active[v] != 0) {
        guest_end(v, active[v] - 1);
        active[v] = 0;
        return;
    }
    uint32_t taken = guest_acknowledge(v);
    if (taken == NONE) {
        for (uint32_t i = 0; i < SGIS; i++) {
            EXPECT(owed[v][i] == 0);
        }
        return;
    }
    EXPECT(taken < SGIS && (owed[v][taken % SGIS] >> guest.sender[v] & 1) != 0);
    owed[v][taken % SGIS] &= ~(1u << guest.sender[v]);
    active[v] = taken + 1;
}

TEST(loses_no_sgi_and_invents_none_in_random_histories)
{
    for (uint32_t history = 0; history < 100; history++) {
        fake_guest_new_v2(VCPUS);
        memset(owed, 0, sizeof(owed));
        memset(active, 0, sizeof(active));
        for (uint32_t n = 0; n < 2000; n++) {
            step();
        }
    }
}
