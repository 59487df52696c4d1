/* SPDX-License-Identifier: Apache-2.0 */
/* The table of devices. */
#include <string.h>

#include <xi/mmio.h>

#include "fake_guest.h"
#include "test.h"

static uint64_t last_offset, last_value;
static uint32_t last_size;

static uint64_t echo_read(struct vcpu *vcpu, void *device, uint64_t offset, uint32_t size)
{
    (void)vcpu;
    (void)device;
    last_offset = offset;
    last_size = size;
    return 0x1122334455667788;
}

static void echo_write(struct vcpu *vcpu, void *device, uint64_t offset, uint32_t size, uint64_t value)
{
    (void)vcpu;
    (void)device;
    last_offset = offset;
    last_size = size;
    last_value = value;
}

static const struct mmio_ops echo = {.read = echo_read, .write = echo_write};

static xi_err add(uint64_t base, uint64_t size)
{
    return mmio_map_add(&guest.domain.mmio, (ipa_t){base}, size, &echo, NULL);
}

static bool reach(uint64_t at, uint8_t size)
{
    struct mmio_access access = {.ipa = {at}, .size = size};

    return mmio_dispatch(&guest.vcpus[0], &access);
}

static void begin(void)
{
    fake_guest_new(1);
    memset(&guest.domain.mmio, 0, sizeof(guest.domain.mmio));
}

TEST(finds_the_device_and_its_offset)
{
    begin();
    EXPECT(add(0x3000, 0x1000) == XI_OK && add(0x1000, 0x1000) == XI_OK && add(0x5000, 8) == XI_OK);
    EXPECT(reach(0x3ffc, 4) && last_offset == 0xffc && last_size == 4);
    EXPECT(reach(0x1000, 1) && last_offset == 0);
    EXPECT(reach(0x5000, 8) && last_offset == 0);
}

TEST(answers_no_more_bytes_than_asked)
{
    static const uint64_t expected[] = {0x88, 0x7788, 0x55667788, 0x1122334455667788};

    begin();
    EXPECT(add(0x1000, 0x1000) == XI_OK);
    for (uint32_t i = 0; i < 4; i++) {
        struct mmio_access access = {.ipa = {0x1000}, .size = (uint8_t)(1u << i), .value = ~0ull};
        EXPECT(mmio_dispatch(&guest.vcpus[0], &access) && access.value == expected[i]);
        access = (struct mmio_access){.ipa = {0x1000}, .size = (uint8_t)(1u << i), .write = true, .value = ~0ull};
        EXPECT(mmio_dispatch(&guest.vcpus[0], &access));
        EXPECT(last_value == (i == 3 ? ~0ull : (1ull << (8 << i)) - 1));
    }
}

TEST(leaves_holes_and_odd_accesses_to_the_guest)
{
    begin();
    EXPECT(add(0x1000, 0x1000) == XI_OK && add(0x3000, 4) == XI_OK);
    EXPECT(!reach(0xfff, 1));
    EXPECT(!reach(0x2000, 4));
    EXPECT(!reach(0x1002, 4)); /* not aligned */
    EXPECT(!reach(0x3000, 8)); /* longer than the device */
    EXPECT(!reach(0x1000, 3));
    EXPECT(!reach(0x1000, 0));
    EXPECT(!reach(0xfffffffffffffff8, 8));
}

TEST(refuses_regions_that_meet_and_accepts_those_that_touch)
{
    begin();
    EXPECT(add(0x2000, 0x1000) == XI_OK);
    EXPECT(add(0x1000, 0x1000) == XI_OK);
    EXPECT(add(0x3000, 0x1000) == XI_OK);
    EXPECT(add(0x2fff, 1) == XI_ERR_RANGE);
    EXPECT(add(0x2000, 0x1000) == XI_ERR_RANGE);
    EXPECT(add(0, 0x1001) == XI_ERR_RANGE);
    EXPECT(add(0x10000, 0) == XI_ERR_RANGE);
    EXPECT(add(0xfffffffffffff000, 0x1001) == XI_ERR_RANGE);
    EXPECT(guest.domain.mmio.count == 3);
}

TEST(is_full_at_last)
{
    begin();
    for (uint64_t i = 0; i < MMIO_MAX_REGIONS; i++) {
        EXPECT(add(0x1000 * i, 0x1000) == XI_OK);
    }
    EXPECT(add(0x100000, 0x1000) == XI_ERR_NO_SPACE);
}
