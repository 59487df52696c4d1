/* SPDX-License-Identifier: Apache-2.0 */
/* Formatted text into a buffer. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include <xi/check.h>

/* As snprintf, with the conversions d i u x X s c p %, the length modifiers l ll z, the flags 0 - #,
 * width and precision (also *). Always terminates when size > 0; returns the length of the whole text. */
size_t xi_snprintf(char *to, size_t size, const char *format, ...) XI_PRINTF(3, 4);
size_t xi_vsnprintf(char *to, size_t size, const char *format, va_list arguments) XI_PRINTF(3, 0);
