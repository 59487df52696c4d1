/* SPDX-License-Identifier: Apache-2.0 */
/* What a guest reads in the identification registers: the space Op0 = 3, Op1 = 0, CRn = 0, CRm = 1 to 7. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* `raw` as the machine has it in the register CRm, Op2; with a GICv3 or without one. */
uint64_t id_register_for_guest(uint32_t crm, uint32_t op2, uint64_t raw, bool gicv3);
