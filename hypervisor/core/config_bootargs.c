/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines: the hypervisor's (xen,xen-bootargs), and those that domains are handed as they are. */
#include <stdbool.h>
#include <stddef.h>

#include <xi/string.h>

#include "config_reader.h"

xi_err config_read_bootargs(const struct config_reader *reader, fdt_node node, const char *name, char *to)
{
    const char *text = fdt_string(&reader->fdt, node, name);

    to[0] = '\0';
    if (!fdt_has(&reader->fdt, node, name)) {
        return XI_OK;
    }
    if (text == NULL) {
        return config_refuse(reader, node, name, "not a terminated string");
    }
    size_t length = strlen(text);
    if (length >= CONFIG_MAX_BOOTARGS) {
        return config_refuse(reader, node, name, "longer than %u characters", CONFIG_MAX_BOOTARGS - 1);
    }
    memcpy(to, text, length + 1);
    return XI_OK;
}

static bool is_white(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

const char *config_option(const char *bootargs, const char *option, size_t *length)
{
    const size_t name = strlen(option);
    const char *value = NULL;

    for (const char *word = bootargs; *word != '\0'; word++) {
        if ((word == bootargs || is_white(word[-1])) && strncmp(word, option, name) == 0) {
            value = word + name;
        }
    }
    for (*length = 0; value != NULL && value[*length] != '\0' && !is_white(value[*length]);) {
        ++*length;
    }
    return value;
}
