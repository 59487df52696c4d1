/* SPDX-License-Identifier: Apache-2.0 */
/* Whether what is linked to the core is what the packer saw: the core has the SHA-256 of the table of parts, the table
 * that of the device tree and of each module. Without anything linked, whoever loaded the files verified them. */
#pragma once

#include <xi/check.h>
#include <xi/config.h>
#include <xi/err.h>
#include <xi/image.h>

/* The table, and the device tree. XI_ERR_CHECKSUM, as `why` explains. */
XI_MUST_CHECK xi_err verify_tree(const struct image *image, struct config_error *why);
/* Every module that a domain has, by a table that verify_tree has found whole; all of them must be mapped.
 * XI_ERR_CHECKSUM, as `why` explains. */
XI_MUST_CHECK xi_err verify_modules(const struct image *image, const struct system_config *config,
                                    struct config_error *why);
