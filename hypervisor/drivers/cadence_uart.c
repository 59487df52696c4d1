/* SPDX-License-Identifier: Apache-2.0 */
/* Cadence UART, as in Xilinx' Zynq. Zynq UltraScale+ Devices Register Reference (UG1087), module UART, and Technical
 * Reference Manual (UG1085), UART controllers. Sending is polled, so it works before interrupts do; the line's speed
 * stays as the firmware left it. */
#include <stddef.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/device.h>
#include <xi/uart.h>

enum {
    CONTROL = 0x00,
    MODE = 0x04,
    INTRPT_EN = 0x08,    /* a 1 turns on, a 0 does nothing */
    INTRPT_DIS = 0x0c,   /* a 1 turns off, a 0 does nothing */
    CHNL_INT_STS = 0x14, /* what has happened since a 1 was written to its bit */
    RCVR_TIMEOUT = 0x1c,
    RCVR_FIFO_TRIGGER = 0x20, /* bytes that interrupt */
    CHANNEL_STS = 0x2c,  /* what is so now, read only */
    TX_RX_FIFO = 0x30,
};

#define CONTROL_ON 0x114u /* receiver and transmitter, no break */
#define MODE_CLOCK 0x1u   /* the firmware's choice */
#define MODE_8N1 0x20u
#define ALL_INTERRUPTS 0x1fffu

/* The same bits in the interrupt registers and in CHANNEL_STS. */
#define RECEIVE_TRIGGER 0x1u /* the receive FIFO has as many bytes as shall interrupt */
#define RECEIVE_EMPTY 0x2u
#define TRANSMIT_EMPTY 0x8u
#define TRANSMIT_FULL 0x10u

/* At 9600 baud a byte takes 1 ms; a port that stays full longer than this is dead. */
#define SEND_LIMIT 10000000u

static mmio_t port;

static bool cadence_has_room(void)
{
    return (mmio_read32(port, CHANNEL_STS) & TRANSMIT_FULL) == 0;
}

static xi_err cadence_init(pa_t base, uint64_t size)
{
    port = mmio_map(base, size);
    if (port.base == NULL) {
        return XI_ERR_RANGE;
    }
    mmio_write32(port, INTRPT_DIS, ALL_INTERRUPTS);
    mmio_write32(port, MODE, (mmio_read32(port, MODE) & MODE_CLOCK) | MODE_8N1);
    mmio_write32(port, RCVR_TIMEOUT, 0);
    mmio_write32(port, RCVR_FIFO_TRIGGER, 1);
    mmio_write32(port, CONTROL, CONTROL_ON);
    return XI_OK;
}

static void cadence_put(uint8_t c)
{
    for (uint32_t i = 0; i < SEND_LIMIT; i++) {
        if (cadence_has_room()) {
            mmio_write32(port, TX_RX_FIFO, c);
            /* That it was empty is past, and shall not interrupt while it is full. */
            mmio_write32(port, CHNL_INT_STS, TRANSMIT_EMPTY);
            return;
        }
    }
}

static bool is_empty(void)
{
    return (mmio_read32(port, CHANNEL_STS) & RECEIVE_EMPTY) != 0;
}

static bool cadence_get(uint8_t *c)
{
    if (is_empty()) {
        mmio_write32(port, CHNL_INT_STS, RECEIVE_TRIGGER);
        /* What came before that write interrupts no more. */
        if (is_empty()) {
            return false;
        }
    }
    *c = (uint8_t)mmio_read32(port, TX_RX_FIFO);
    return true;
}

static void cadence_want_room(bool on)
{
    mmio_write32(port, on ? INTRPT_EN : INTRPT_DIS, TRANSMIT_EMPTY);
}

static void cadence_enable_receive(void)
{
    mmio_write32(port, INTRPT_EN, RECEIVE_TRIGGER);
}

const struct uart_ops cadence_uart = {
    .init = cadence_init,
    .put = cadence_put,
    .get = cadence_get,
    .has_room = cadence_has_room,
    .want_room = cadence_want_room,
    .enable_receive = cadence_enable_receive,
};
