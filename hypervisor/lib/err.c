/* SPDX-License-Identifier: Apache-2.0 */
#include <xi/err.h>

const char *xi_err_text(xi_err err)
{
    switch (err) {
    case XI_OK:
        return "no error";
    case XI_ERR_TRUNCATED:
        return "truncated";
    case XI_ERR_ALIGN:
        return "misaligned";
    case XI_ERR_BAD_MAGIC:
        return "of no known format";
    case XI_ERR_VERSION:
        return "of an unknown version";
    case XI_ERR_RANGE:
        return "out of range";
    case XI_ERR_SYNTAX:
        return "malformed";
    case XI_ERR_CHECKSUM:
        return "checksum mismatch";
    case XI_ERR_UNSUPPORTED:
        return "unsupported";
    case XI_ERR_NOT_FOUND:
        return "not found";
    case XI_ERR_NO_MEMORY:
        return "out of memory";
    case XI_ERR_NO_SPACE:
        return "no room";
    case XI_ERR_BUSY:
        return "busy";
    case XI_ERR_TIMEOUT:
        return "timed out";
    }
    return "unknown error";
}
