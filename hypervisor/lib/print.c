/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xi/print.h>
#include <xi/string.h>

struct output {
    char *to;
    size_t size;
    size_t length; /* of the whole text, whether it fits or not */
};

/* One conversion: %[flags][width][.precision][length]type */
struct conversion {
    bool zero, left, prefix;
    size_t width;
    size_t precision;
    bool precise;
    unsigned longs; /* 0: int, 1: long, 2: long long, 3: size_t */
    char type;
};

static void put(struct output *output, char c)
{
    if (output->length + 1 < output->size) {
        output->to[output->length] = c;
    }
    output->length++;
}

static void pad(struct output *output, char c, size_t count)
{
    while (count-- > 0) {
        put(output, c);
    }
}

static void put_text(struct output *output, const struct conversion *c, const char *text, size_t length)
{
    size_t fill = c->width > length ? c->width - length : 0;

    pad(output, ' ', c->left ? 0 : fill);
    for (size_t i = 0; i < length; i++) {
        put(output, text[i]);
    }
    pad(output, ' ', c->left ? fill : 0);
}

static void put_number(struct output *output, const struct conversion *c, uint64_t value, const char *sign)
{
    char digits[20];
    size_t count = 0;
    const char *alphabet = c->type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    unsigned base = c->type == 'd' || c->type == 'u' ? 10 : 16;

    do {
        digits[count++] = alphabet[value % base];
        value /= base;
    } while (value != 0);

    size_t zeros = c->precise && c->precision > count ? c->precision - count : 0;
    size_t used = strlen(sign) + zeros + count;
    size_t fill = c->width > used ? c->width - used : 0;
    if (c->zero && !c->left && !c->precise) {
        zeros += fill;
        fill = 0;
    }
    pad(output, ' ', c->left ? 0 : fill);
    for (; *sign != 0; sign++) {
        put(output, *sign);
    }
    pad(output, '0', zeros);
    while (count > 0) {
        put(output, digits[--count]);
    }
    pad(output, ' ', c->left ? fill : 0);
}

static const char *parse_flags(const char *at, struct conversion *c)
{
    for (;; at++) {
        if (*at == '0') {
            c->zero = true;
        } else if (*at == '-') {
            c->left = true;
        } else if (*at == '#') {
            c->prefix = true;
        } else {
            return at;
        }
    }
}

static const char *parse_count(const char *at, va_list *arguments, size_t *count)
{
    if (*at == '*') {
        int given = va_arg(*arguments, int);
        *count = given > 0 ? (size_t)given : 0;
        return at + 1;
    }
    for (; *at >= '0' && *at <= '9'; at++) {
        *count = *count * 10 + (size_t)(*at - '0');
    }
    return at;
}

static const char *parse(const char *at, va_list *arguments, struct conversion *c)
{
    *c = (struct conversion){.zero = false};
    at = parse_count(parse_flags(at, c), arguments, &c->width);
    if (*at == '.') {
        c->precise = true;
        at = parse_count(at + 1, arguments, &c->precision);
    }
    for (; *at == 'l'; at++) {
        c->longs++;
    }
    if (*at == 'z') {
        c->longs = 3;
        at++;
    }
    c->type = *at == 'i' ? 'd' : *at;
    return *at == 0 ? at : at + 1;
}

static uint64_t next_unsigned(va_list *arguments, unsigned longs)
{
    switch (longs) {
    case 0:
        return va_arg(*arguments, unsigned);
    case 1:
        return va_arg(*arguments, unsigned long);
    case 2:
        return va_arg(*arguments, unsigned long long);
    default:
        return va_arg(*arguments, size_t);
    }
}

static int64_t next_signed(va_list *arguments, unsigned longs)
{
    switch (longs) {
    case 0:
        return va_arg(*arguments, int);
    case 1:
        return va_arg(*arguments, long);
    case 2:
        return va_arg(*arguments, long long);
    default:
        return (int64_t)va_arg(*arguments, size_t);
    }
}

static void convert(struct output *output, const struct conversion *c, va_list *arguments)
{
    switch (c->type) {
    case 'd': {
        int64_t value = next_signed(arguments, c->longs);
        put_number(output, c, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, value < 0 ? "-" : "");
        return;
    }
    case 'u':
        put_number(output, c, next_unsigned(arguments, c->longs), "");
        return;
    case 'x':
    case 'X':
        put_number(output, c, next_unsigned(arguments, c->longs), c->prefix ? "0x" : "");
        return;
    case 'p':
        put_number(output, c, (uintptr_t)va_arg(*arguments, void *), "0x");
        return;
    case 'c': {
        char text = (char)va_arg(*arguments, int);
        put_text(output, c, &text, 1);
        return;
    }
    case 's': {
        const char *text = va_arg(*arguments, const char *);
        text = text == NULL ? "(null)" : text;
        put_text(output, c, text, strnlen(text, c->precise ? c->precision : SIZE_MAX));
        return;
    }
    default: /* the compiler has refused every other format; '%' is its own text */
        put(output, c->type);
        return;
    }
}

size_t xi_vsnprintf(char *to, size_t size, const char *format, va_list arguments)
{
    struct output output = {.to = to, .size = size, .length = 0};
    struct conversion c;
    va_list rest; /* a va_list parameter may be an array, whose address is another type */

    va_copy(rest, arguments);
    while (*format != 0) {
        if (*format != '%') {
            put(&output, *format++);
            continue;
        }
        format = parse(format + 1, &rest, &c);
        convert(&output, &c, &rest);
    }
    va_end(rest);
    if (size > 0) {
        to[output.length < size ? output.length : size - 1] = 0;
    }
    return output.length;
}

size_t xi_snprintf(char *to, size_t size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    size_t length = xi_vsnprintf(to, size, format, arguments);
    va_end(arguments);
    return length;
}
