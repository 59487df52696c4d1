/* SPDX-License-Identifier: Apache-2.0 */
/* The machine's console port. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <xi/err.h>
#include <xi/types.h>

struct uart_ops {
    xi_err (*init)(pa_t base, uint64_t size);
    void (*put)(uint8_t c); /* waits for room, within a limit; then the byte is lost */
    bool (*get)(uint8_t *c); /* false when nothing has come */
    bool (*has_room)(void);
    void (*enable_receive)(void); /* from here on it interrupts for input */
    void (*want_room)(bool on);   /* whether it interrupts when it has room again */
};

extern const struct uart_ops pl011, cadence_uart;
