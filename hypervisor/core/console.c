/* SPDX-License-Identifier: Apache-2.0 */
/* The console ring and the port. Bytes go out while the port takes them; what is left follows by its
 * interrupt. A ring that fills up is emptied on the spot, so that nothing a guest says is lost. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/conring.h>
#include <xi/console.h>
#include <xi/domain.h>
#include <xi/firmware.h>
#include <xi/irq.h>
#include <xi/print.h>
#include <xi/spinlock.h>
#include <xi/uart.h>

#define LINE 256u
#define ROOM_WANTED (CONRING_BYTES / 2)

static struct conring ring;
static spinlock_t lock;
static const struct uart_ops *port;

/* With the lock held. */
static void drain_to(uint32_t left)
{
    uint8_t byte;

    while (ring.head - ring.tail > left && conring_take(&ring, &byte)) {
        port->put(byte);
    }
}

static void flush(void)
{
    uint8_t byte;

    if (port == NULL) {
        return;
    }
    drain_to(ROOM_WANTED);
    while (port->has_room() && conring_take(&ring, &byte)) {
        port->put(byte);
    }
    port->want_room(ring.head != ring.tail);
}

void console_init(void)
{
    conring_init(&ring);
}

void console_attach(const struct uart_ops *uart)
{
    spin_lock(&lock);
    port = uart;
    flush();
    spin_unlock(&lock);
}

void console_drain(void)
{
    spin_lock(&lock);
    if (port != NULL) {
        drain_to(0);
    }
    spin_unlock(&lock);
}

void xi_log(const char *format, ...)
{
    va_list arguments;
    char line[LINE];

    va_start(arguments, format);
    xi_vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    spin_lock(&lock);
    conring_log(&ring, line);
    flush();
    spin_unlock(&lock);
}

void console_guest_putc(struct domain *domain, char c)
{
    spin_lock(&lock);
    conring_guest(&ring, domain->id, (uint8_t)c);
    flush();
    spin_unlock(&lock);
}

void console_add_domain(const struct domain *domain)
{
    XI_CHECK(conring_add_domain(&ring, domain->name) == XI_OK);
}

void console_domain_ended(const struct domain *domain)
{
    spin_lock(&lock);
    conring_end(&ring, domain->id);
    flush();
    spin_unlock(&lock);
}

void console_domain_began(const struct domain *domain)
{
    spin_lock(&lock);
    conring_begin(&ring, domain->id);
    spin_unlock(&lock);
}

/* The receiver may print, so it gets its bytes without the lock. */
static void deliver(struct conring_input input)
{
    struct domain *domain = domain_by_id(input.to);

    if (domain == NULL || !domain->has_uart || __atomic_load_n(&domain->dying, __ATOMIC_ACQUIRE)) {
        return;
    }
    for (uint32_t i = 0; i < input.count; i++) {
        vpl011_receive(&domain->uart, input.bytes[i]);
    }
}

static void interrupt(void)
{
    uint8_t byte;

    while (port->get(&byte)) {
        spin_lock(&lock);
        struct conring_input input = conring_receive(&ring, byte);
        flush();
        spin_unlock(&lock);
        deliver(input);
    }
    spin_lock(&lock);
    flush();
    spin_unlock(&lock);
}

void console_start_input(uint32_t intid)
{
    spin_lock(&lock);
    conring_set_focus(&ring, 1);
    flush();
    spin_unlock(&lock);
    if (port != NULL && intid != 0) {
        irq_set_console(intid, interrupt);
        port->enable_receive();
    }
}

/* Past lock and ring: whoever holds them may be the one that is wrong. */
void xi_panic(const char *format, ...)
{
    va_list arguments;
    char line[LINE];
    uint8_t byte;

    va_start(arguments, format);
    xi_vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    if (port != NULL) {
        for (uint32_t i = 0; i < CONRING_BYTES && conring_take(&ring, &byte); i++) {
            port->put(byte);
        }
        for (const char *c = "\r\n(XI) PANIC: "; *c != '\0'; c++) {
            port->put((uint8_t)*c);
        }
        for (const char *c = line; *c != '\0'; c++) {
            port->put((uint8_t)*c);
        }
        port->put('\r');
        port->put('\n');
    }
    arch_park();
}
