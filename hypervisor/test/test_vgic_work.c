/* SPDX-License-Identifier: Apache-2.0 */
/* What a guest can make the vGIC do in one trap does not grow with the number of its interrupts: the lock is held, and
 * the CPU is in the core, no longer for 960 that are pending or active than for 32. Counted in basic blocks. */
#include <stddef.h>

#include "fake_guest.h"
#include "test.h"

enum {
    IGROUPR = 0x080,
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

#define FEW 32u
#define MANY 960u
#define VCPUS 4u
#define DEVICE 40u

static struct vgic_irq spis[MANY];
static uint32_t spi_count;

static uint32_t last(void)
{
    return spi_count; /* of INTIDs 32 to 31 + spi_count, the first of the last word */
}

static uint64_t in_word(uint64_t bank)
{
    return GICD + bank + last() / 8;
}

static void for_each_word(uint64_t bank, uint32_t value)
{
    for (uint32_t first = 32; first < 32 + spi_count; first += 32) {
        guest_write(0, GICD + bank + first / 8, 4, value);
    }
}

static void begin(uint32_t count)
{
    fake_guest_new(VCPUS);
    spi_count = count;
    guest.domain.vgic.spis = spis;
    guest.domain.vgic.spi_count = count;
    for (uint32_t i = 0; i < MANY; i++) {
        spis[i] = (struct vgic_irq){0};
    }
    vgic_reset(&guest.domain);
    EXPECT(vgic_assign(&guest.domain, DEVICE, true) == XI_OK);
    guest_write(0, GICD, 4, 3);
    for_each_word(ISENABLER, ~0u);
    for (uint32_t i = 0; i < VCPUS; i++) {
        guest_write(i, GICR_SGI(i) + ISENABLER, 4, ~0u);
    }
}

/* What is pending or active when the guest does it. */
static void pending(void)
{
    for_each_word(ISPENDR, ~0u);
}

static void at_all_priorities(void)
{
    for (uint32_t intid = 32; intid < 32 + spi_count; intid++) {
        guest_write(0, GICD + IPRIORITYR + intid, 1, (intid * 7 % 32) * 8);
    }
    pending();
}

static void in_both_groups(void)
{
    for_each_word(IGROUPR, 0x33333333);
    at_all_priorities();
}

static void active(void)
{
    for_each_word(ISACTIVER, ~0u);
}

static void active_at_all_priorities(void)
{
    at_all_priorities();
    active();
}

static void (*const states[])(void) = {pending, at_all_priorities, in_both_groups, active, active_at_all_priorities};

/* What the guest does. */
static void forwards_nothing(void) { guest_write(0, GICD, 4, 0); }
static void forwards_one_group(void) { guest_write(0, GICD, 4, 1); }
static void changes_groups(void) { guest_write(0, in_word(IGROUPR), 4, 0x0f0f0f0f); }
static void disables(void) { guest_write(0, in_word(ICENABLER), 4, ~0u); }
static void enables(void) { guest_write(0, in_word(ISENABLER), 4, ~0u); }
static void makes_pending(void) { guest_write(0, in_word(ISPENDR), 4, ~0u); }
static void clears_pending(void) { guest_write(0, in_word(ICPENDR), 4, ~0u); }
static void makes_active(void) { guest_write(0, in_word(ISACTIVER), 4, ~0u); }
static void clears_active(void) { guest_write(0, in_word(ICACTIVER), 4, ~0u); }
static void reads_pending(void) { guest_read(0, in_word(ISPENDR), 4); }
static void changes_priorities(void) { guest_write(0, GICD + IPRIORITYR + last(), 4, 0xf8f8f8f8); }
static void changes_triggers(void) { guest_write(0, GICD + ICFGR + last() / 4, 4, ~0u); }
static void moves_one(void) { guest_write(0, GICD + IROUTER + 8 * last(), 8, 1); }
static void makes_private_ones_pending(void)
{
    guest_write(0, GICR_SGI(0) + ISPENDR, 4, ~0u);
}
static void sends_to_all(void) { vgic_v3_sgi1r(&guest.vcpus[0], 1ULL << 40); }
static void takes_and_ends(void)
{
    uint32_t intid = guest_acknowledge(0);
    if (intid != 1023) {
        guest_end(0, intid);
    }
    vgic_set_stale(&guest.vcpus[0]);
}
static void ends_unlisted(void)
{
    guest.ended_unlisted[0] = 31; /* all that ICH_HCR_EL2.EOIcount counts */
    vgic_set_stale(&guest.vcpus[0]);
}
static void goes_off(void) { vgic_vcpu_reset(&guest.vcpus[0]); }
static void has_an_interrupt(void) { vgic_pulse(&guest.vcpus[0], 20); }
static void has_a_devices_interrupt(void) { vgic_fire(&guest.domain, DEVICE); }
static void only_enters(void) { vgic_set_stale(&guest.vcpus[0]); }

static const struct {
    const char *name;
    void (*act)(void);
} deeds[] = {
#define DEED(name) {#name, name}
    DEED(forwards_nothing), DEED(forwards_one_group), DEED(changes_groups), DEED(disables), DEED(enables),
    DEED(makes_pending), DEED(clears_pending), DEED(makes_active), DEED(clears_active), DEED(reads_pending),
    DEED(changes_priorities), DEED(changes_triggers), DEED(moves_one), DEED(makes_private_ones_pending),
    DEED(sends_to_all), DEED(takes_and_ends), DEED(ends_unlisted), DEED(goes_off), DEED(has_an_interrupt),
    DEED(has_a_devices_interrupt), DEED(only_enters),
#undef DEED
};

/* Basic blocks, the way back into the guest included. */
static uint64_t work_of(void (*act)(void), void (*state)(void), uint32_t count)
{
    begin(count);
    state();
    guest_enter(0);
    uint64_t before = test_blocks;
    act();
    guest_enter(0);
    return test_blocks - before;
}

TEST(does_no_more_for_many_interrupts_than_for_few)
{
    for (uint32_t s = 0; s < sizeof(states) / sizeof(states[0]); s++) {
        for (uint32_t d = 0; d < sizeof(deeds) / sizeof(deeds[0]); d++) {
            uint64_t few = work_of(deeds[d].act, states[s], FEW), many = work_of(deeds[d].act, states[s], MANY);
            EXPECT(few > 0);
            test_expect(many <= few + few / 4, deeds[d].name, "more work in state", (int)s);
        }
    }
}
