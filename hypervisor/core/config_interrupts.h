/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts of a device's node. */
#pragma once

#include <stdint.h>

#include <xi/check.h>
#include <xi/config.h>
#include <xi/err.h>
#include <xi/fdt.h>

/* The index-th one that the core's interrupt controller takes; others do not count. Its intid is below VGIC_PRIVATE for a
 * private interrupt. XI_ERR_NOT_FOUND behind the last, XI_ERR_SYNTAX. */
XI_MUST_CHECK xi_err config_interrupt(const struct fdt *fdt, fdt_node node, uint32_t index,
                                      struct config_interrupt *interrupt);
