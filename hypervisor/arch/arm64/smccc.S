/* SPDX-License-Identifier: Apache-2.0 */
/* Calls to firmware (Arm DEN 0028, SMCCC): function and three arguments, one result. */
    .text
    .global smccc_smc
smccc_smc:
    bti     c
    smc     #0
    ret

    .global smccc_hvc
smccc_hvc:
    bti     c
    hvc     #0
    ret
