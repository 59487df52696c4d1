/* SPDX-License-Identifier: Apache-2.0 */
/* The machine's console: the core's log, the guests' output, and the input's way to one of them. */
#pragma once

#include <stdint.h>

#include <xi/check.h>
#include <xi/uart.h>

struct domain;

/* Before anything is logged. */
void console_init(void);
/* The port is ready: what was logged until then comes out. */
void console_attach(const struct uart_ops *uart);
/* Input arrives by the interrupt `intid` from here on, and goes to the first domain. */
void console_start_input(uint32_t intid);

/* One fact, one line; without newline. */
void xi_log(const char *format, ...) XI_PRINTF(1, 2);
/* A byte that a domain sends. */
void console_guest_putc(struct domain *domain, char c);
/* Domains in the order of their ids; then their ends and new beginnings. */
void console_add_domain(const struct domain *domain);
void console_domain_ended(const struct domain *domain);
void console_domain_began(const struct domain *domain);
/* Waits, within a limit, until the port has everything. */
void console_drain(void);
