/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a flattened device tree (version 17) front to back into a fixed buffer. The first failure sticks:
 * only fdt_write_finish reports. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <xi/check.h>
#include <xi/err.h>

struct fdt_writer {
    uint8_t *buffer;
    size_t capacity;
    size_t end;     /* of the structure block so far */
    size_t strings; /* where the strings begin; they grow down from the buffer's end */
    uint32_t depth;
    xi_err err;
};

void fdt_write_begin(struct fdt_writer *writer, void *buffer, size_t capacity); /* 8-aligned */
void fdt_write_node(struct fdt_writer *writer, const char *name);
/* Name with a unit address: prefix@hex. */
void fdt_write_node_at(struct fdt_writer *writer, const char *prefix, uint64_t address);
void fdt_write_end_node(struct fdt_writer *writer);
void fdt_write_property(struct fdt_writer *writer, const char *name, const void *value, size_t size);
void fdt_write_string(struct fdt_writer *writer, const char *name, const char *value);
void fdt_write_cells(struct fdt_writer *writer, const char *name, const uint32_t *cells, size_t count);
void fdt_write_u32(struct fdt_writer *writer, const char *name, uint32_t value);
/* Numbers of two cells each. */
void fdt_write_u64s(struct fdt_writer *writer, const char *name, const uint64_t *values, size_t count);
/* Closes the tree; *size is what it takes of the buffer. XI_ERR_NO_SPACE. */
XI_MUST_CHECK xi_err fdt_write_finish(struct fdt_writer *writer, size_t *size);
