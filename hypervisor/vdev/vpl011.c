/* SPDX-License-Identifier: Apache-2.0 */
/* SBSA generic UART. Registers and interrupt bits are those of the PL011 (Arm DDI 0183G, chapter 3).
 * What the guest sends goes to the console at once, so the transmit FIFO is always empty; what the
 * console sends waits in a ring, which counts as the receive FIFO. */
#include <stddef.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/console.h>
#include <xi/domain.h>
#include <xi/mmio.h>
#include <xi/vgic.h>
#include <xi/vpl011.h>

enum {
    UARTDR = 0x000,
    UARTRSR = 0x004, /* reads errors, a write clears them */
    UARTFR = 0x018,
    UARTIMSC = 0x038,
    UARTRIS = 0x03c,
    UARTMIS = 0x040,
    UARTICR = 0x044,
};

#define DR_OVERRUN XI_BIT(11)
#define RSR_OVERRUN XI_BIT(3)
#define FR_RXFE XI_BIT(4) /* receive FIFO empty, */
#define FR_RXFF XI_BIT(6) /* full */
#define FR_TXFE XI_BIT(7) /* transmit FIFO empty */

#define INT_RX 0x010u      /* receive */
#define INT_TX 0x020u      /* transmit */
#define INT_RT 0x040u      /* receive timeout */
#define INT_OVERRUN 0x400u
#define INT_ALL (INT_RX | INT_TX | INT_RT | INT_OVERRUN)

_Static_assert((VPL011_RX_BYTES & (VPL011_RX_BYTES - 1)) == 0, "indices run free");

/* Received bytes interrupt as long as they wait: clearing alone does not lose them. */
static uint32_t raw_status(const struct vpl011 *uart)
{
    return uart->ris | (uart->head != uart->tail ? INT_RX | INT_RT : 0u);
}

static uint64_t flags(const struct vpl011 *uart)
{
    uint64_t value = FR_TXFE;

    if (uart->head == uart->tail) {
        value |= FR_RXFE;
    }
    if (uart->head - uart->tail == VPL011_RX_BYTES) {
        value |= FR_RXFF;
    }
    return value;
}

static uint64_t take_byte(struct vpl011 *uart)
{
    if (uart->head == uart->tail) {
        return 0;
    }
    return uart->rx[uart->tail++ % VPL011_RX_BYTES];
}

static uint64_t read_register(struct vpl011 *uart, uint64_t offset)
{
    switch (offset) {
    case UARTDR:
        return take_byte(uart);
    case UARTRSR:
        return uart->overrun ? RSR_OVERRUN : 0;
    case UARTFR:
        return flags(uart);
    case UARTIMSC:
        return uart->imsc;
    case UARTRIS:
        return raw_status(uart);
    case UARTMIS:
        return raw_status(uart) & uart->imsc;
    default:
        return 0;
    }
}

static void write_register(struct vpl011 *uart, uint64_t offset, uint64_t value)
{
    switch (offset) {
    case UARTDR:
        uart->ris |= INT_TX; /* the FIFO ran empty again */
        break;
    case UARTRSR:
        uart->overrun = false;
        break;
    case UARTIMSC:
        uart->imsc = (uint16_t)(value & INT_ALL);
        break;
    case UARTICR:
        uart->ris = (uint16_t)(uart->ris & ~value);
        break;
    default:
        break;
    }
}

/* The level is set with the lock held, so that two CPUs cannot set it in the wrong order. */
static void update(struct vpl011 *uart)
{
    bool high = (raw_status(uart) & uart->imsc) != 0;

    if (high != uart->high) {
        uart->high = high;
        vgic_set_spi(uart->domain, uart->intid, high);
    }
}

static uint64_t vpl011_read(struct vcpu *vcpu, void *device, uint64_t offset, uint32_t size)
{
    struct vpl011 *uart = device;

    (void)vcpu;
    (void)size; /* 8, 16 and 32 bits see the low part of the register */
    spin_lock(&uart->lock);
    uint64_t value = read_register(uart, offset);
    update(uart);
    spin_unlock(&uart->lock);
    return value;
}

static void vpl011_write(struct vcpu *vcpu, void *device, uint64_t offset, uint32_t size, uint64_t value)
{
    struct vpl011 *uart = device;

    (void)vcpu;
    (void)size;
    if (offset == UARTDR) {
        console_guest_putc(uart->domain, (char)(value & 0xff));
    }
    spin_lock(&uart->lock);
    write_register(uart, offset, value);
    update(uart);
    spin_unlock(&uart->lock);
}

void vpl011_receive(struct vpl011 *uart, uint8_t byte)
{
    spin_lock(&uart->lock);
    if (uart->head - uart->tail < VPL011_RX_BYTES) {
        /* Arm DDI 0183G, 2.4.3: the state of overrun goes with the next byte that finds room. */
        uart->rx[uart->head++ % VPL011_RX_BYTES] = (uint16_t)(byte | (uart->lost ? DR_OVERRUN : 0));
        uart->lost = false;
    } else {
        uart->overrun = true;
        uart->lost = true;
        uart->ris |= INT_OVERRUN;
    }
    update(uart);
    spin_unlock(&uart->lock);
}

void vpl011_reset(struct vpl011 *uart)
{
    spin_lock(&uart->lock);
    uart->imsc = 0;
    uart->ris = 0;
    uart->overrun = false;
    uart->lost = false;
    uart->head = 0;
    uart->tail = 0;
    uart->high = false;
    vgic_set_spi(uart->domain, uart->intid, false);
    spin_unlock(&uart->lock);
}

static const struct mmio_ops vpl011_ops = {.read = vpl011_read, .write = vpl011_write};

xi_err vpl011_init(struct vpl011 *uart, struct domain *domain, ipa_t base, uint32_t intid)
{
    uart->domain = domain;
    uart->intid = intid;
    uart->lock = (spinlock_t)SPINLOCK_INIT;
    return mmio_map_add(&domain->mmio, base, VPL011_SIZE, &vpl011_ops, uart);
}
