/* SPDX-License-Identifier: Apache-2.0 */
/* Finding nodes: by path, alias, phandle and compatible. */
#include <stddef.h>
#include <stdint.h>

#include "fdt_tokens.h"

static bool name_matches(const char *name, const char *wanted, size_t length)
{
    if (strncmp(name, wanted, length) != 0) {
        return false;
    }
    return name[length] == '\0' || (name[length] == '@' && memchr(wanted, '@', length) == NULL);
}

static fdt_node child_of_length(const struct fdt *fdt, fdt_node node, const char *name, size_t length)
{
    fdt_node child = fdt_first_child(fdt, node);

    while (child != FDT_NONE && !name_matches(fdt_name(fdt, child), name, length)) {
        child = fdt_next_sibling(fdt, child);
    }
    return child;
}

fdt_node fdt_child(const struct fdt *fdt, fdt_node node, const char *name)
{
    return child_of_length(fdt, node, name, strlen(name));
}

static size_t component(const char *path)
{
    size_t length = 0;

    while (path[length] != '\0' && path[length] != '/' && path[length] != ':') {
        length++;
    }
    return length;
}

static fdt_node descend(const struct fdt *fdt, fdt_node node, const char *path)
{
    while (node != FDT_NONE) {
        while (*path == '/') {
            path++;
        }
        size_t length = component(path);
        if (length == 0) {
            return node;
        }
        node = child_of_length(fdt, node, path, length);
        path += length;
    }
    return node;
}

/* The target of an alias, whose name ends where the component does. */
static const char *alias(const struct fdt *fdt, const char *name, size_t length)
{
    char text[32];
    fdt_node aliases = descend(fdt, fdt_root(fdt), "aliases");

    if (aliases == FDT_NONE || length >= sizeof(text)) {
        return NULL;
    }
    memcpy(text, name, length);
    text[length] = '\0';
    return fdt_string(fdt, aliases, text);
}

fdt_node fdt_find(const struct fdt *fdt, const char *path)
{
    fdt_node node = fdt_root(fdt);

    if (*path != '/') {
        size_t length = component(path);
        const char *target = alias(fdt, path, length);
        if (target == NULL || *target != '/') {
            return FDT_NONE;
        }
        node = descend(fdt, node, target);
        path += length;
    }
    return descend(fdt, node, path);
}

fdt_node fdt_by_phandle(const struct fdt *fdt, uint32_t phandle)
{
    for (fdt_node node = fdt_root(fdt); node != FDT_NONE; node = fdt_next(fdt, node)) {
        uint32_t found;
        if ((fdt_u32(fdt, node, "phandle", &found) || fdt_u32(fdt, node, "linux,phandle", &found)) &&
            found == phandle) {
            return node;
        }
    }
    return FDT_NONE;
}

fdt_node fdt_next_compatible(const struct fdt *fdt, fdt_node after, const char *compatible)
{
    fdt_node node = after == FDT_NONE ? fdt_root(fdt) : fdt_next(fdt, after);

    while (node != FDT_NONE && !fdt_is_compatible(fdt, node, compatible)) {
        node = fdt_next(fdt, node);
    }
    return node;
}
