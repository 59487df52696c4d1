/* SPDX-License-Identifier: Apache-2.0 */
/* Writes sound inputs of a target into the current folder. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "efi_image.h"
#include "tree_maker.h"

static void write_file(const char *name, const void *bytes, size_t size)
{
    FILE *file = fopen(name, "wb");

    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        perror(name);
        exit(1);
    }
}

static void trees(void)
{
    static _Alignas(8) uint8_t tree[TREE_BYTES];
    struct tree_wishes wishes = tree_sound();

    write_file("sound", tree, tree_make(&wishes, tree));
    wishes.gic = 2;
    wishes.heap[0] = 0x78000000;
    wishes.heap[1] = 0x4000000;
    wishes.pool_cpus[0][0] = 2;
    wishes.pool_cpus[1][0] = 3;
    wishes.scheduler = "null";
    wishes.domains[0].pool = 1;
    wishes.domains[0].enhanced = "no-xenstore";
    write_file("rich", tree, tree_make(&wishes, tree));
}

static void packed(void)
{
    if (system("printf 'a small file, a small file, a small file' | gzip -9 > small.gz") != 0 ||
        system("seq 20000 | gzip -6 > large.gz") != 0) {
        exit(1);
    }
}

static void plans(void)
{
    static struct efi_image image;

    efi_image_make(&image, 0x40000000);
    write_file("sound", &image, 16384);
    /* Small enough to be all plan and few bytes of files. */
    for (unsigned i = 0; i < 3; i++) {
        image.entries[i].source = 0x300;
        image.entries[i].size = 0x10;
    }
    write_file("small", &image, 0x400);
}

/* Requests of two domains, as fuzz_store.c takes them apart. */
static void requests(void)
{
    static const struct {
        uint8_t domain, type, transaction;
        const char *payload;
        uint8_t size;
    } asked[] = {
        {0, 4, 0, "data\0t", 7},    {1, 11, 0, "data/k\0v", 8}, {0, 11, 0, "data/a/b\0v", 10}, {0, 1, 0, "data", 5},
        {0, 6, 0, "", 1},           {0, 2, 1, "data/a", 7},     {0, 11, 1, "data/a\0w", 8},     {0, 12, 1, "data/m", 7},
        {0, 13, 1, "data/shared", 12}, {0, 1, 1, "data", 5},    {0, 7, 1, "T", 2},              {0, 3, 0, "data", 5},
        {0, 14, 0, "data\0n1\0r2", 11}, {1, 2, 0, "/local/domain/1/data", 21}, {0, 5, 0, "data\0t", 7}, {0, 21, 0, "", 1},
        {0, 10, 0, "1", 2},         {1, 17, 0, "2", 2},
    };
    uint8_t bytes[1024];
    size_t size = 0;

    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        const uint8_t head[] = {(uint8_t)(asked[i].domain | 1 << 2), (uint8_t)(asked[i].size + 2), asked[i].type,
                                asked[i].transaction};
        memcpy(bytes + size, head, sizeof(head));
        memcpy(bytes + size + sizeof(head), asked[i].payload, asked[i].size);
        size += sizeof(head) + asked[i].size;
    }
    write_file("requests", bytes, size);
}

/* Steps of two domains, as fuzz_grants.c takes them apart. */
static void grants(void)
{
    static const uint8_t bytes[] = {
        0x01, 3, 1, 0, 16,                                /* 2 grants 1 a page, */
        0x02, 1, 0, 0x40, 3, 1, 4, 0x41, 3, 1,            /* who maps it twice, once to read, */
        0x08, 1, 3, 1, 0, 0, 20, 0x80, 0, 0, 100, 0,      /* copies from it, */
        0x08, 2, 20, 0x80, 1, 0, 3, 1, 2, 0, 50, 0,       /* and into it, */
        0x01, 3, 0, 0, 16,                                /* which is revoked; */
        0x02, 0, 0, 0x42, 3, 1,                           /* 1 does not get it again, */
        0x0b, 2, 16, 0x0b, 4, 16,                         /* 2 gives the page away and takes it back, */
        0x06, 0, 0,                                       /* 1 unmaps it once, */
        0x0f,                                             /* and 2 ends. */
        0x00, 5, 1, 1, 17, 0x03, 0, 0, 0x40, 5, 0, 0x0f,  /* The other way round, and who has it mapped ends. */
        0x0c, 1, 12, 0, 0,                                /* A cache flush of nothing. */
    };

    write_file("steps", bytes, sizeof(bytes));
}

int main(int count, char **arguments)
{
    if (count != 2) {
        return 2;
    }
    if (strcmp(arguments[1], "config") == 0) {
        trees();
    } else if (strcmp(arguments[1], "gunzip") == 0) {
        packed();
    } else if (strcmp(arguments[1], "plan") == 0) {
        plans();
    } else if (strcmp(arguments[1], "store") == 0) {
        requests();
    } else if (strcmp(arguments[1], "grants") == 0) {
        grants();
    }
    return 0;
}
