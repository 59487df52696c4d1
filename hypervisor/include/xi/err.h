/* SPDX-License-Identifier: Apache-2.0 */
/* How an operation on outside data can fail. */
#pragma once

typedef enum {
    XI_OK = 0,
    XI_ERR_TRUNCATED,   /* ends too early */
    XI_ERR_ALIGN,       /* not aligned as it must be */
    XI_ERR_BAD_MAGIC,   /* not what it should be at all */
    XI_ERR_VERSION,     /* of a version that we do not know */
    XI_ERR_RANGE,       /* number, address or size out of its bounds */
    XI_ERR_SYNTAX,      /* malformed inside */
    XI_ERR_CHECKSUM,    /* content differs from its checksum */
    XI_ERR_UNSUPPORTED, /* sound, but nothing that we can do */
    XI_ERR_NOT_FOUND,
    XI_ERR_NO_MEMORY,
    XI_ERR_NO_SPACE,    /* a table or buffer is full */
    XI_ERR_BUSY,
    XI_ERR_TIMEOUT,
} xi_err;

/* In words, for a log line. */
const char *xi_err_text(xi_err err);
