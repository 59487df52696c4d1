/* SPDX-License-Identifier: Apache-2.0 */
/* What holds between our own functions, and what happens when it does not. */
#pragma once

#define XI_MUST_CHECK __attribute__((warn_unused_result))
#define XI_PRINTF(text, first) __attribute__((format(printf, text, first)))

/* Stops the machine with a line on the console. For our bugs and for machines that cannot run us; a
 * guest can never reach it. */
_Noreturn void xi_panic(const char *format, ...) XI_PRINTF(1, 2);

#define XI_CHECK_TEXT(x) #x
#define XI_CHECK_LINE(x) XI_CHECK_TEXT(x)
#define XI_CHECK(condition)                                                           \
    do {                                                                              \
        if (!(condition)) {                                                           \
            xi_panic("%s", "xenimg bug: expected " #condition " at " __FILE__ ":"     \
                     XI_CHECK_LINE(__LINE__));                                        \
        }                                                                             \
    } while (0)
