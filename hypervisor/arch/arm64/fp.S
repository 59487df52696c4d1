/* SPDX-License-Identifier: Apache-2.0 */
/* FP and SIMD registers of a guest: x0 = struct fp_state. The hypervisor itself never uses them. */
    .arch_extension fp
    .arch_extension simd
    .text

.macro each_pair insn
    \insn   q0, q1, [x0, #0]
    \insn   q2, q3, [x0, #32]
    \insn   q4, q5, [x0, #64]
    \insn   q6, q7, [x0, #96]
    \insn   q8, q9, [x0, #128]
    \insn   q10, q11, [x0, #160]
    \insn   q12, q13, [x0, #192]
    \insn   q14, q15, [x0, #224]
    \insn   q16, q17, [x0, #256]
    \insn   q18, q19, [x0, #288]
    \insn   q20, q21, [x0, #320]
    \insn   q22, q23, [x0, #352]
    \insn   q24, q25, [x0, #384]
    \insn   q26, q27, [x0, #416]
    \insn   q28, q29, [x0, #448]
    \insn   q30, q31, [x0, #480]
.endm

    .global fp_save
fp_save:
    bti     c
    each_pair stp
    mrs     x1, fpsr
    mrs     x2, fpcr
    str     x1, [x0, #512]
    str     x2, [x0, #520]
    ret

    .global fp_load
fp_load:
    bti     c
    each_pair ldp
    ldr     x1, [x0, #512]
    ldr     x2, [x0, #520]
    msr     fpsr, x1
    msr     fpcr, x2
    ret
