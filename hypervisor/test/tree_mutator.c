/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xi/bits.h>
#include <xi/fdt_write.h>

#include "tree_mutator.h"

#define MAX_ITEMS 4096u
#define MAX_BYTES 0x20000u
#define MAX_GROWTH 24u
#define CHOSEN_OUT_OF_8 6u

/* Devicetree Specification 0.4, 5.2 and 5.4.1. */
enum { AT_STRUCT = 8, AT_STRINGS = 12 };
enum { BEGIN_NODE = 1, END_NODE = 2, PROP = 3, END = 9 };

struct item {
    uint32_t kind; /* one of the tokens */
    const char *name;
    const uint8_t *value;
    uint32_t size;
};

static struct item items[MAX_ITEMS];
static uint32_t count;
static uint8_t scratch[MAX_BYTES]; /* names and values that are new */
static size_t scratch_used;
static uint64_t state;
static char *words; /* of the mutation in the making */

static uint64_t any(uint64_t limit)
{
    /* splitmix64: any seed will do */
    uint64_t z = state += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return (z ^ (z >> 31)) % limit;
}

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void *fresh(size_t size)
{
    must(size <= sizeof(scratch) - scratch_used);
    void *memory = scratch + scratch_used;
    scratch_used += size;
    return memory;
}

static void say(const char *what, const struct item *item)
{
    size_t length = strlen(words);

    (void)snprintf(words + length, MUTATION_WORDS - length, "%s%s %s", length == 0 ? "" : ", ", what,
                   item == NULL ? "" : item->name);
}

static void take_apart(const uint8_t *sound)
{
    const uint8_t *at = sound + xi_read_be32(sound + AT_STRUCT);
    const char *strings = (const char *)sound + xi_read_be32(sound + AT_STRINGS);

    count = 0;
    scratch_used = 0;
    for (;; at += 4) {
        uint32_t kind = xi_read_be32(at);
        if (kind == END) {
            return;
        }
        must(count < MAX_ITEMS);
        struct item *item = &items[count];
        *item = (struct item){.kind = kind, .name = ""};
        if (kind == BEGIN_NODE) {
            item->name = (const char *)at + 4;
            at += (strlen(item->name) + 4) & ~(size_t)3;
        } else if (kind == PROP) {
            item->size = xi_read_be32(at + 4);
            item->name = strings + xi_read_be32(at + 8);
            item->value = at + 12;
            at += 8 + ((item->size + 3) & ~3u);
        }
        count += kind == BEGIN_NODE || kind == END_NODE || kind == PROP ? 1 : 0;
    }
}

/* Behind the node that begins at `first`. */
static uint32_t behind(uint32_t first)
{
    uint32_t depth = 0, at = first;

    do {
        depth += items[at].kind == BEGIN_NODE ? 1 : 0;
        depth -= items[at].kind == END_NODE ? 1 : 0;
        at++;
    } while (depth != 0);
    return at;
}

/* An item of that kind, the root's own node excepted; count where there is none. */
static uint32_t pick(uint32_t kind)
{
    uint32_t first = 1, end = count - 1;

    if (any(8) < CHOSEN_OUT_OF_8) {
        for (uint32_t i = 1; i < count; i++) {
            if (items[i].kind == BEGIN_NODE && strcmp(items[i].name, "chosen") == 0) {
                first = i;
                end = behind(i);
            }
        }
    }
    if (end <= first) {
        return count;
    }
    uint32_t start = first + (uint32_t)any(end - first);
    for (uint32_t i = 0; i < end - first; i++) {
        uint32_t at = first + (start - first + i) % (end - first);
        if (items[at].kind == kind) {
            return at;
        }
    }
    return count;
}

static void cut_out(uint32_t first, uint32_t end)
{
    memmove(&items[first], &items[end], (count - end) * sizeof(items[0]));
    count -= end - first;
}

static void copy_behind(uint32_t first, uint32_t end)
{
    must(count + (end - first) <= MAX_ITEMS);
    memmove(&items[end + (end - first)], &items[end], (count - end) * sizeof(items[0]));
    memcpy(&items[end], &items[first], (end - first) * sizeof(items[0]));
    count += end - first;
}

static uint32_t odd_number(uint32_t old)
{
    const uint32_t numbers[] = {0,          1,       UINT32_MAX, 0x7fffffff, 0x80000000, old + 1,    old - 1,  old + 0x1000,
                                old ^ 0x10, old / 2, old * 2,    ~old,       0x10000,    0x40000000, 1u << 28, (uint32_t)any(1ull << 32)};

    return numbers[any(sizeof(numbers) / sizeof(numbers[0]))];
}

/* Its own copy of a value, so that it can be written. */
static uint8_t *own_value(struct item *item, uint32_t size)
{
    uint8_t *value = fresh(size + 1);

    for (uint32_t i = 0; i < size; i++) {
        value[i] = i < item->size ? item->value[i] : (uint8_t)any(256);
    }
    item->value = value;
    item->size = size;
    return value;
}

static void spoil_value(struct item *item)
{
    uint8_t *value;

    switch (any(5)) {
    case 0:
        say("shortened", item);
        item->size = item->size == 0 ? 0 : (uint32_t)any(item->size);
        return;
    case 1:
        say("lengthened", item);
        (void)own_value(item, item->size + 1 + (uint32_t)any(MAX_GROWTH));
        return;
    case 2: {
        /* What another one of that name says: twice the same phandle, the other domain's memory. */
        say("as elsewhere", item);
        uint32_t start = (uint32_t)any(count);
        for (uint32_t i = 0; i < count; i++) {
            const struct item *other = &items[(start + i) % count];
            if (other->kind == PROP && other != item && strcmp(other->name, item->name) == 0) {
                item->value = other->value;
                item->size = other->size;
                return;
            }
        }
        return;
    }
    default:
        say("another number in", item);
        value = own_value(item, item->size);
        if (item->size >= 4) {
            uint8_t *cell = value + 4 * any(item->size / 4);
            xi_write_be32(cell, odd_number(xi_read_be32(cell)));
        } else if (item->size != 0) {
            value[any(item->size)] ^= (uint8_t)(1 + any(255));
        }
        return;
    }
}

static void spoil_property(uint32_t at)
{
    switch (any(8)) {
    case 0:
    case 1:
        say("removed", &items[at]);
        cut_out(at, at + 1);
        return;
    case 2:
        say("doubled", &items[at]);
        copy_behind(at, at + 1);
        spoil_value(&items[at + any(2)]);
        return;
    default:
        spoil_value(&items[at]);
        return;
    }
}

static void rename_node(struct item *item)
{
    size_t length = strlen(item->name);
    char *name = fresh(length + 64);

    say("renamed", item);
    memcpy(name, item->name, length + 1);
    switch (any(4)) {
    case 0:
        name[length == 0 ? 0 : any(length)] = (char)(1 + any(255));
        break;
    case 1:
        memset(name + length, 'x', 60);
        name[length + 60] = '\0';
        break;
    case 2:
        name[length == 0 ? 0 : any(length)] = '\0';
        break;
    default:
        (void)snprintf(name, length + 64, "%s", items[any(count)].name);
        break;
    }
    item->name = name;
}

static void spoil_node(uint32_t at)
{
    switch (any(3)) {
    case 0:
        say("removed node", &items[at]);
        cut_out(at, behind(at));
        return;
    case 1:
        say("doubled node", &items[at]);
        copy_behind(at, behind(at));
        if (any(2) == 0) {
            rename_node(&items[at]);
        }
        return;
    default:
        rename_node(&items[at]);
        return;
    }
}

static size_t put_together(uint8_t *to, size_t capacity)
{
    struct fdt_writer writer;
    size_t size = 0;

    fdt_write_begin(&writer, to, capacity);
    for (uint32_t i = 0; i < count; i++) {
        if (items[i].kind == BEGIN_NODE) {
            fdt_write_node(&writer, items[i].name);
        } else if (items[i].kind == PROP) {
            fdt_write_property(&writer, items[i].name, items[i].value, items[i].size);
        } else {
            fdt_write_end_node(&writer);
        }
    }
    must(fdt_write_finish(&writer, &size) == XI_OK);
    return size;
}

static void flip_bytes(uint8_t *tree, size_t size)
{
    say("bytes flipped", NULL);
    for (uint64_t left = 1 + any(3); left != 0; left--) {
        tree[any(size)] ^= (uint8_t)(1 + any(255));
    }
}

void tree_mutate(const uint8_t *sound, uint64_t seed, struct mutation *mutation)
{
    static _Alignas(8) uint8_t tree[MAX_BYTES];
    bool flips = false;

    state = seed;
    words = mutation->what;
    words[0] = '\0';
    take_apart(sound);
    for (uint64_t left = any(2) == 0 ? 1 : 1 + any(3); left != 0; left--) {
        uint64_t what = any(8);
        uint32_t at = what == 0 ? count : pick(what <= 2 ? BEGIN_NODE : PROP);
        if (at == count) {
            flips = true;
        } else if (items[at].kind == BEGIN_NODE) {
            spoil_node(at);
        } else {
            spoil_property(at);
        }
    }
    mutation->tree = tree;
    mutation->size = put_together(tree, sizeof(tree));
    if (flips) {
        flip_bytes(tree, mutation->size);
    }
}
