/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a packed kernel: an end, and no byte outside. */
#include <stdlib.h>
#include <string.h>

#include <xi/gunzip.h>

#define MOST_PIECES 64u

static struct gunzip unpacker;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    const uint8_t *piece;
    size_t length;
    unsigned sum = 0;

    memcpy(copy, data, size);
    xi_err err = gunzip_open(&unpacker, copy, size);
    for (unsigned i = 0; i < MOST_PIECES && err == XI_OK; i++) {
        err = gunzip_next(&unpacker, &piece, &length);
        if (err != XI_OK || length == 0) {
            break;
        }
        sum += piece[0] + piece[length - 1];
    }
    free(copy);
    (void)sum;
    return 0;
}
