/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 by FEAT_SHA256 (Arm DDI 0487): x0 = state, x1 = blocks, x2 = their number, x3 = constants. */
    .arch_extension simd
    .arch_extension sha2
    .text

/* Four rounds with the schedule's words in w0, which becomes the words sixteen rounds later. Those of the last sixteen
 * rounds are never used. */
.macro rounds w0, w1, w2, w3
    ld1     {v16.4s}, [x4], #16
    add     v16.4s, v16.4s, \w0\().4s
    mov     v17.16b, v0.16b
    sha256h q0, q1, v16.4s
    sha256h2 q1, q17, v16.4s
    sha256su0 \w0\().4s, \w1\().4s
    sha256su1 \w0\().4s, \w2\().4s, \w3\().4s
.endm

    .global sha256_instructions
sha256_instructions:
    bti     c
    ld1     {v0.4s, v1.4s}, [x0]
    cbz     x2, 3f
1:  ld1     {v4.16b - v7.16b}, [x1], #64
    rev32   v4.16b, v4.16b          /* the message is big endian */
    rev32   v5.16b, v5.16b
    rev32   v6.16b, v6.16b
    rev32   v7.16b, v7.16b
    mov     v18.16b, v0.16b
    mov     v19.16b, v1.16b
    mov     x4, x3
    mov     w5, #4
2:  rounds  v4, v5, v6, v7
    rounds  v5, v6, v7, v4
    rounds  v6, v7, v4, v5
    rounds  v7, v4, v5, v6
    subs    w5, w5, #1
    b.ne    2b
    add     v0.4s, v0.4s, v18.4s
    add     v1.4s, v1.4s, v19.4s
    subs    x2, x2, #1
    b.ne    1b
3:  st1     {v0.4s, v1.4s}, [x0]
    ret
