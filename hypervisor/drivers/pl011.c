/* SPDX-License-Identifier: Apache-2.0 */
/* PL011 UART. Arm DDI 0183G, chapter 3. Sending is polled, so it works before interrupts do; the
 * line's speed stays as the firmware left it. */
#include <stddef.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/device.h>
#include <xi/uart.h>

enum {
    UARTDR = 0x000,   /* data */
    UARTFR = 0x018,   /* flags, read only */
    UARTLCR_H = 0x02c, /* line control */
    UARTCR = 0x030,   /* control */
    UARTIFLS = 0x034, /* FIFO levels that interrupt */
    UARTIMSC = 0x038, /* interrupt mask */
    UARTICR = 0x044,  /* interrupt clear */
};

#define FR_RXFE XI_BIT(4) /* receive FIFO empty */
#define FR_TXFF XI_BIT(5) /* transmit FIFO full */
#define LCR_H_8N1_FIFO 0x70u
#define CR_ON 0x301u    /* UART, transmitter and receiver */
#define INT_RECEIVE 0x50u  /* receive, receive timeout */
#define INT_TRANSMIT 0x20u /* the transmit FIFO has fallen to its level */

/* At 9600 baud a byte takes 1 ms; a port that stays full longer than this is dead. */
#define SEND_LIMIT 10000000u

static mmio_t port;
static uint32_t wanted; /* interrupts */

static xi_err pl011_init(pa_t base, uint64_t size)
{
    port = mmio_map(base, size);
    if (port.base == NULL) {
        return XI_ERR_RANGE;
    }
    mmio_write32(port, UARTIMSC, 0);
    mmio_write32(port, UARTICR, 0x7ff);
    mmio_write32(port, UARTLCR_H, LCR_H_8N1_FIFO);
    mmio_write32(port, UARTCR, CR_ON);
    return XI_OK;
}

static void pl011_put(uint8_t c)
{
    for (uint32_t i = 0; i < SEND_LIMIT; i++) {
        if ((mmio_read32(port, UARTFR) & FR_TXFF) == 0) {
            mmio_write32(port, UARTDR, c);
            return;
        }
    }
}

static bool pl011_get(uint8_t *c)
{
    if ((mmio_read32(port, UARTFR) & FR_RXFE) != 0) {
        return false;
    }
    *c = (uint8_t)mmio_read32(port, UARTDR);
    return true;
}

static bool pl011_has_room(void)
{
    return (mmio_read32(port, UARTFR) & FR_TXFF) == 0;
}

static void want(uint32_t interrupts)
{
    if (wanted != interrupts) {
        wanted = interrupts;
        mmio_write32(port, UARTIMSC, interrupts);
    }
}

static void pl011_want_room(bool on)
{
    want(on ? wanted | INT_TRANSMIT : wanted & ~INT_TRANSMIT);
}

static void pl011_enable_receive(void)
{
    mmio_write32(port, UARTIFLS, 0); /* as early as can be */
    want(wanted | INT_RECEIVE);
}

const struct uart_ops pl011 = {
    .init = pl011_init,
    .put = pl011_put,
    .get = pl011_get,
    .has_room = pl011_has_room,
    .want_room = pl011_want_room,
    .enable_receive = pl011_enable_receive,
};
