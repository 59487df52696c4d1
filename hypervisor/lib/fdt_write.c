/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

#include <xi/bits.h>
#include <xi/fdt_write.h>
#include <xi/print.h>
#include <xi/string.h>

/* Devicetree Specification 0.4, chapter 5: header of 40 bytes, one empty reservation, structure, strings. */
#define HEADER_SIZE 40u
#define STRUCTURE 64u /* the reservations begin at 48 and end with an all-zero entry */
enum { BEGIN_NODE = 1, END_NODE = 2, PROP = 3, END = 9 };
#define NAME_SIZE 64u

static bool room(struct fdt_writer *writer, size_t size)
{
    if (writer->err == XI_OK && size > writer->strings - writer->end) {
        writer->err = XI_ERR_NO_SPACE;
    }
    return writer->err == XI_OK;
}

static void put_word(struct fdt_writer *writer, uint32_t value)
{
    if (room(writer, 4)) {
        xi_write_be32(writer->buffer + writer->end, value);
        writer->end += 4;
    }
}

static void put_bytes(struct fdt_writer *writer, const void *bytes, size_t size)
{
    size_t padded = (size + 3) & ~(size_t)3;

    if (padded >= size && room(writer, padded)) {
        memcpy(writer->buffer + writer->end, bytes, size);
        memset(writer->buffer + writer->end + size, 0, padded - size);
        writer->end += padded;
    }
}

void fdt_write_begin(struct fdt_writer *writer, void *buffer, size_t capacity)
{
    *writer = (struct fdt_writer){.buffer = buffer, .capacity = capacity, .strings = capacity};
    if (room(writer, STRUCTURE)) {
        memset(buffer, 0, STRUCTURE);
        writer->end = STRUCTURE;
    }
}

void fdt_write_node(struct fdt_writer *writer, const char *name)
{
    put_word(writer, BEGIN_NODE);
    put_bytes(writer, name, strlen(name) + 1);
    writer->depth++;
}

void fdt_write_node_at(struct fdt_writer *writer, const char *prefix, uint64_t address)
{
    char name[NAME_SIZE];

    (void)xi_snprintf(name, sizeof(name), "%s@%llx", prefix, (unsigned long long)address);
    fdt_write_node(writer, name);
}

void fdt_write_end_node(struct fdt_writer *writer)
{
    put_word(writer, END_NODE);
    writer->depth--;
}

/* Distance of a name from the end of the strings, which grow downwards: the offset is known at the end only,
 * but their order is turned round there, so the distance is what the property carries until then. */
static uint32_t string_distance(struct fdt_writer *writer, const char *name)
{
    size_t size = strlen(name) + 1;

    /* Also as the end of a longer one: "phandle" in "linux,phandle". */
    for (size_t at = writer->strings; writer->capacity - at >= size; at++) {
        if (memcmp(writer->buffer + at, name, size) == 0) {
            return (uint32_t)(writer->capacity - at);
        }
    }
    if (!room(writer, size)) {
        return 0;
    }
    writer->strings -= size;
    memcpy(writer->buffer + writer->strings, name, size);
    return (uint32_t)(writer->capacity - writer->strings);
}

void fdt_write_property(struct fdt_writer *writer, const char *name, const void *value, size_t size)
{
    uint32_t distance = string_distance(writer, name);

    put_word(writer, PROP);
    put_word(writer, (uint32_t)size);
    put_word(writer, distance);
    if (size != 0) {
        put_bytes(writer, value, size);
    }
}

void fdt_write_string(struct fdt_writer *writer, const char *name, const char *value)
{
    fdt_write_property(writer, name, value, strlen(value) + 1);
}

static void begin_numbers(struct fdt_writer *writer, const char *name, size_t cells)
{
    uint32_t distance = string_distance(writer, name);

    put_word(writer, PROP);
    put_word(writer, (uint32_t)(4 * cells));
    put_word(writer, distance);
}

void fdt_write_cells(struct fdt_writer *writer, const char *name, const uint32_t *cells, size_t count)
{
    begin_numbers(writer, name, count);
    for (size_t i = 0; i < count; i++) {
        put_word(writer, cells[i]);
    }
}

void fdt_write_u32(struct fdt_writer *writer, const char *name, uint32_t value)
{
    fdt_write_cells(writer, name, &value, 1);
}

void fdt_write_u64s(struct fdt_writer *writer, const char *name, const uint64_t *values, size_t count)
{
    begin_numbers(writer, name, 2 * count);
    for (size_t i = 0; i < count; i++) {
        put_word(writer, (uint32_t)(values[i] >> 32));
        put_word(writer, (uint32_t)values[i]);
    }
}

/* Distances from the end become offsets from the begin of the strings. */
static void fix_names(struct fdt_writer *writer, uint32_t strings_size)
{
    for (size_t at = STRUCTURE; at < writer->end;) {
        uint8_t *token = writer->buffer + at;
        switch (xi_read_be32(token)) {
        case BEGIN_NODE:
            at += 4 + ((strlen((const char *)token + 4) + 4) & ~(size_t)3);
            break;
        case PROP:
            xi_write_be32(token + 8, strings_size - xi_read_be32(token + 8));
            at += 12 + ((xi_read_be32(token + 4) + 3) & ~3u);
            break;
        default:
            at += 4;
            break;
        }
    }
}

xi_err fdt_write_finish(struct fdt_writer *writer, size_t *size)
{
    put_word(writer, END);
    if (writer->err != XI_OK) {
        return writer->err;
    }
    uint32_t strings_size = (uint32_t)(writer->capacity - writer->strings);
    fix_names(writer, strings_size);
    memmove(writer->buffer + writer->end, writer->buffer + writer->strings, strings_size);
    uint32_t total = (uint32_t)writer->end + strings_size;
    const uint32_t header[HEADER_SIZE / 4] = {
        0xd00dfeed, total, STRUCTURE, (uint32_t)writer->end, 48, 17, 16, 0, strings_size,
        (uint32_t)writer->end - STRUCTURE,
    };
    for (uint32_t i = 0; i < HEADER_SIZE / 4; i++) {
        xi_write_be32(writer->buffer + 4 * i, header[i]);
    }
    *size = total;
    return XI_OK;
}
