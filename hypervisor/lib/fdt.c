/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes and properties. A node is the offset of its BEGIN_NODE token. */
#include <stddef.h>
#include <stdint.h>

#include "fdt_tokens.h"

fdt_node fdt_root(const struct fdt *fdt)
{
    uint32_t at = fdt->structure;

    while (word(fdt, at) == NOP) {
        at += 4;
    }
    return at;
}

const char *fdt_name(const struct fdt *fdt, fdt_node node)
{
    return (const char *)fdt->blob + node + 4;
}

/* Behind the node's properties: a child's begin or its own end. */
static uint32_t behind_properties(const struct fdt *fdt, fdt_node node)
{
    uint32_t at = skip(fdt, node);

    while (word(fdt, at) == PROP || word(fdt, at) == NOP) {
        at = skip(fdt, at);
    }
    return at;
}

fdt_node fdt_first_child(const struct fdt *fdt, fdt_node node)
{
    uint32_t at = behind_properties(fdt, node);

    return word(fdt, at) == BEGIN_NODE ? at : FDT_NONE;
}

fdt_node fdt_next_sibling(const struct fdt *fdt, fdt_node node)
{
    uint32_t depth = 0, at = node;

    do {
        uint32_t token = word(fdt, at);
        depth += token == BEGIN_NODE ? 1 : 0;
        depth -= token == END_NODE ? 1 : 0;
        at = skip(fdt, at);
    } while (depth != 0);
    while (word(fdt, at) == NOP) {
        at += 4;
    }
    return word(fdt, at) == BEGIN_NODE ? at : FDT_NONE;
}

fdt_node fdt_next(const struct fdt *fdt, fdt_node node)
{
    uint32_t at = skip(fdt, node);

    while (word(fdt, at) != END) {
        if (word(fdt, at) == BEGIN_NODE) {
            return at;
        }
        at = skip(fdt, at);
    }
    return FDT_NONE;
}

fdt_node fdt_parent(const struct fdt *fdt, fdt_node node)
{
    fdt_node above[FDT_MAX_DEPTH + 1];
    uint32_t depth = 0;

    for (uint32_t at = fdt_root(fdt); at <= node; at = skip(fdt, at)) {
        if (word(fdt, at) == BEGIN_NODE) {
            if (at == node) {
                return depth == 0 ? FDT_NONE : above[depth - 1];
            }
            above[depth++] = at;
        } else if (word(fdt, at) == END_NODE) {
            depth--;
        }
    }
    return FDT_NONE;
}

bool fdt_property(const struct fdt *fdt, fdt_node node, const char *name, struct fdt_property *property)
{
    for (uint32_t at = skip(fdt, node); word(fdt, at) == PROP || word(fdt, at) == NOP; at = skip(fdt, at)) {
        if (word(fdt, at) == NOP) {
            continue;
        }
        const char *found = (const char *)fdt->blob + fdt->strings + word(fdt, at + 8);
        if (strcmp(found, name) == 0) {
            *property = (struct fdt_property){found, fdt->blob + at + 4 + PROP_HEADER, word(fdt, at + 4)};
            return true;
        }
    }
    return false;
}

bool fdt_next_property(const struct fdt *fdt, fdt_node node, const struct fdt_property *after,
                       struct fdt_property *property)
{
    uint32_t at = after == NULL ? skip(fdt, node) : (uint32_t)(after->value - fdt->blob) + padded(after->size);

    while (word(fdt, at) == NOP) {
        at += 4;
    }
    if (word(fdt, at) != PROP) {
        return false;
    }
    *property = (struct fdt_property){(const char *)fdt->blob + fdt->strings + word(fdt, at + 8),
                                      fdt->blob + at + 4 + PROP_HEADER, word(fdt, at + 4)};
    return true;
}

bool fdt_has(const struct fdt *fdt, fdt_node node, const char *name)
{
    struct fdt_property property;

    return fdt_property(fdt, node, name, &property);
}

bool fdt_u32(const struct fdt *fdt, fdt_node node, const char *name, uint32_t *value)
{
    struct fdt_property property;

    if (!fdt_property(fdt, node, name, &property) || property.size != 4) {
        return false;
    }
    *value = xi_read_be32(property.value);
    return true;
}

const char *fdt_string(const struct fdt *fdt, fdt_node node, const char *name)
{
    struct fdt_property property;

    if (!fdt_property(fdt, node, name, &property) || property.size == 0 ||
        memchr(property.value, 0, property.size) != property.value + property.size - 1) {
        return NULL;
    }
    return (const char *)property.value;
}

bool fdt_string_list_has(const struct fdt *fdt, fdt_node node, const char *name, const char *text)
{
    struct fdt_property property;
    size_t length = strlen(text);

    if (!fdt_property(fdt, node, name, &property)) {
        return false;
    }
    for (uint32_t at = 0; at < property.size;) {
        size_t found = strnlen((const char *)property.value + at, property.size - at);
        if (found == property.size - at) {
            return false;
        }
        if (found == length && memcmp(property.value + at, text, length) == 0) {
            return true;
        }
        at += (uint32_t)found + 1;
    }
    return false;
}

bool fdt_is_compatible(const struct fdt *fdt, fdt_node node, const char *compatible)
{
    return fdt_string_list_has(fdt, node, "compatible", compatible);
}

bool fdt_is_available(const struct fdt *fdt, fdt_node node)
{
    const char *status = fdt_string(fdt, node, "status");

    return !fdt_has(fdt, node, "status") ||
           (status != NULL && (strcmp(status, "okay") == 0 || strcmp(status, "ok") == 0));
}
