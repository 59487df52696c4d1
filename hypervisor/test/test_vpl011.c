/* SPDX-License-Identifier: Apache-2.0 */
/* The guest's console port. */
#include <string.h>

#include "fake_guest.h"
#include "test.h"

enum { DR = 0x00, RSR = 0x04, FR = 0x18, IMSC = 0x38, RIS = 0x3c, MIS = 0x40, ICR = 0x44 };
enum { RX = 0x10, TX = 0x20, RT = 0x40, OE = 0x400 };

#define UART 0x22000000u
#define INTID 32u

static void begin(void)
{
    fake_guest_new(1);
    EXPECT(vpl011_init(&guest.domain.uart, &guest.domain, (ipa_t){UART}, INTID) == XI_OK);
    guest_write(0, GICD + 0x104, 4, 1);
}

static uint64_t reg(uint32_t offset)
{
    return guest_read(0, UART + offset, 4);
}

static void set(uint32_t offset, uint64_t value)
{
    guest_write(0, UART + offset, 4, value);
}

static void receive(const char *text)
{
    for (; *text != '\0'; text++) {
        vpl011_receive(&guest.domain.uart, (uint8_t)*text);
    }
}

TEST(sends_to_the_console_and_is_always_ready)
{
    begin();
    EXPECT(reg(FR) == 0x90); /* nothing to receive, transmitter empty */
    set(DR, 'h');
    guest_write(0, UART + DR, 1, 'i');
    EXPECT(guest.console_length == 2 && memcmp(guest.console, "hi", 2) == 0);
    EXPECT(reg(FR) == 0x90);
}

TEST(hands_over_what_it_received_in_order)
{
    begin();
    receive("ab");
    EXPECT(reg(FR) == 0x80);
    EXPECT(reg(DR) == 'a');
    EXPECT(guest_read(0, UART + DR, 2) == 'b');
    EXPECT(reg(FR) == 0x90);
    EXPECT(reg(DR) == 0);
}

TEST(interrupts_while_bytes_wait)
{
    begin();
    set(IMSC, RX | RT);
    EXPECT(guest_acknowledge(0) == 1023);
    receive("x");
    EXPECT(reg(RIS) == (RX | RT) && reg(MIS) == (RX | RT));
    EXPECT(guest_acknowledge(0) == INTID);
    set(ICR, RX | RT); /* the byte still waits */
    guest_end(0, INTID);
    EXPECT(guest_acknowledge(0) == INTID);
    EXPECT(reg(DR) == 'x');
    guest_end(0, INTID);
    EXPECT(guest_acknowledge(0) == 1023);
    EXPECT(reg(RIS) == 0);
}

TEST(masks_interrupts)
{
    begin();
    receive("x");
    set(IMSC, TX);
    EXPECT(reg(MIS) == 0);
    EXPECT(guest_acknowledge(0) == 1023);
    set(IMSC, 0xffff);
    EXPECT(reg(IMSC) == (RX | TX | RT | OE));
    EXPECT(guest_acknowledge(0) == INTID);
}

TEST(tells_when_the_transmitter_ran_empty)
{
    begin();
    set(IMSC, TX);
    EXPECT(reg(RIS) == 0); /* not before anything was sent */
    set(DR, 'x');
    EXPECT(reg(MIS) == TX);
    EXPECT(guest_acknowledge(0) == INTID);
    set(ICR, TX);
    guest_end(0, INTID);
    EXPECT(guest_acknowledge(0) == 1023);
}

TEST(keeps_a_full_ring_and_says_what_it_lost)
{
    begin();
    for (uint32_t i = 0; i < VPL011_RX_BYTES; i++) {
        vpl011_receive(&guest.domain.uart, (uint8_t)i);
    }
    EXPECT((reg(FR) & 0x40) != 0);
    EXPECT(reg(RSR) == 0);
    vpl011_receive(&guest.domain.uart, 'x');
    EXPECT(reg(RSR) == 8);
    EXPECT((reg(RIS) & OE) != 0);
    EXPECT(reg(DR) == 0);
    receive("yz");
    set(RSR, 0);
    set(ICR, OE);
    EXPECT((reg(RIS) & OE) == 0);
    for (uint32_t i = 1; i < VPL011_RX_BYTES; i++) {
        EXPECT(reg(DR) == (i & 0xff));
    }
    EXPECT(reg(DR) == (0x800 | 'y')); /* what was lost came before it; the z found no room again */
    EXPECT(reg(FR) == 0x90);
    receive("ab");
    EXPECT(reg(DR) == (0x800 | 'a') && reg(DR) == 'b');
}

TEST(reads_as_zero_what_an_sbsa_uart_has_not)
{
    begin();
    for (uint32_t offset = 0; offset < VPL011_SIZE; offset += 4) {
        if (offset != DR) {
            set(offset, 0xffffffff);
        }
    }
    EXPECT(reg(0x30) == 0 && reg(0x2c) == 0 && reg(0xffc) == 0);
    EXPECT(guest.console_length == 0);
}

TEST(reset_forgets_input_and_masks)
{
    begin();
    set(IMSC, RX);
    receive("x");
    vgic_reset(&guest.domain);
    vpl011_reset(&guest.domain.uart);
    EXPECT(reg(FR) == 0x90 && reg(IMSC) == 0 && reg(RIS) == 0);
}
