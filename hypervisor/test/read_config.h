/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration reader on trees that tree_maker makes; its answer is in `config`, or `why`. */
#ifndef READ_CONFIG_H
#define READ_CONFIG_H

#include <stdbool.h>
#include <string.h>

#include <xi/config.h>

#include "test.h"
#include "tree_maker.h"

#define LOAD 0x40200000ull

static struct system_config config;
static struct config_error why;
static const struct image bare = {.range = {{LOAD}, 0x100000}, .link = {LOAD}};

/* The tree lies between image and modules. */
static inline xi_err read_blob(const uint8_t *blob, size_t size)
{
    memset(&why, 0, sizeof(why));
    return config_read(blob, size, &bare, (pa_t){0x40400000}, 0x80000000, &config, &why);
}

static inline xi_err read_wishes(const struct tree_wishes *wishes)
{
    static _Alignas(8) uint8_t tree[TREE_BYTES];

    return read_blob(tree, tree_make(wishes, tree));
}

static inline bool refuses(const struct tree_wishes *wishes, const char *line)
{
    return read_wishes(wishes) == XI_ERR_SYNTAX && strstr(why.line, line) != NULL && strchr(why.line, '\n') == NULL;
}

#endif
