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
    }
    return 0;
}
