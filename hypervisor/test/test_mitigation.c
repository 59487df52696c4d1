/* SPDX-License-Identifier: Apache-2.0 */
/* Which mitigation a CPU gets, and what its guests are told. */
#include <string.h>

#include <xi/mitigation.h>

#include "test.h"

enum { ARM = 0x41, HISI = 0x48, NOBODY = 0 };
#define MIDR(implementer, part) ((uint64_t)(implementer) << 24 | 0xf0000u | (part) << 4 | 1u)

#define SILENT {-1, -1, -1}
#define NO WORKAROUND_NOT_SUPPORTED

/* Short names for the table. */
enum {
    FINE = MITIGATION_NOT_AFFECTED,
    LOOP = MITIGATION_LOOP,
    CLEAR = MITIGATION_CLEAR,
    CALL = MITIGATION_FIRMWARE,
    ALWAYS = MITIGATION_ALWAYS,
    SSBS = MITIGATION_SSBS,
    DUNNO = MITIGATION_UNKNOWN,
    OPEN = MITIGATION_VULNERABLE,
};

static const struct {
    const char *what;
    struct cpu_traits traits;
    uint8_t targets, history, bypass;
    uint32_t loops, call;
} table[] = {
    /* cores that follow no prediction far enough, whatever firmware says */
    {"Cortex-A53", {.midr = MIDR(ARM, 0xd03), .workaround = SILENT}, FINE, FINE, FINE, 0, 0},
    {"Cortex-A35", {.midr = MIDR(ARM, 0xd04), .workaround = {0, 0, 0}}, FINE, FINE, FINE, 0, 0},
    {"Cortex-A55", {.midr = MIDR(ARM, 0xd05), .csv2 = 1, .workaround = SILENT}, FINE, FINE, FINE, 0, 0},
    /* cores that need firmware */
    {"Cortex-A57, no firmware", {.midr = MIDR(ARM, 0xd07), .workaround = SILENT}, OPEN, OPEN, OPEN, 0, 0},
    {"Cortex-A57, of 2018", {.midr = MIDR(ARM, 0xd07), .workaround = {0, 1, NO}}, CALL, CALL, ALWAYS, 0,
     SMCCC_ARCH_WORKAROUND_1},
    {"Cortex-A57, of 2022", {.midr = MIDR(ARM, 0xd07), .workaround = {0, -2, 0}}, CALL, CALL, ALWAYS, 0,
     SMCCC_ARCH_WORKAROUND_3},
    {"Cortex-A72 r0p3, no firmware", {.midr = MIDR(ARM, 0xd08), .workaround = SILENT}, OPEN, OPEN, OPEN, 0, 0},
    {"Cortex-A72 r0p3", {.midr = MIDR(ARM, 0xd08), .workaround = {0, 0, 0}}, CALL, CALL, CALL, 0,
     SMCCC_ARCH_WORKAROUND_3},
    {"Cortex-A72 r1p0", {.midr = MIDR(ARM, 0xd08), .csv2 = 1, .workaround = {1, 1, 1}}, FINE, LOOP, ALWAYS, 8, 0},
    {"Cortex-A73 with CSV2", {.midr = MIDR(ARM, 0xd09), .csv2 = 1, .workaround = {1, 1, 0}}, FINE, CALL, ALWAYS, 0,
     SMCCC_ARCH_WORKAROUND_3},
    {"Cortex-A73 with CSV2, of 2018", {.midr = MIDR(ARM, 0xd09), .csv2 = 1, .workaround = {1, 1, NO}}, FINE, OPEN,
     ALWAYS, 0, 0},
    {"Cortex-A75, WORKAROUND_3 alone", {.midr = MIDR(ARM, 0xd0a), .workaround = {NO, NO, 0}}, CALL, CALL, OPEN, 0,
     SMCCC_ARCH_WORKAROUND_3},
    /* cores with a loop of their own */
    {"Cortex-A76", {.midr = MIDR(ARM, 0xd0b), .csv2 = 1, .ssbs = 1, .workaround = SILENT}, FINE, LOOP, SSBS, 24, 0},
    {"Cortex-A76, dynamic", {.midr = MIDR(ARM, 0xd0b), .csv2 = 1, .workaround = {1, 0, 0}}, FINE, LOOP, CALL, 24, 0},
    {"Cortex-A76AE", {.midr = MIDR(ARM, 0xd0e), .csv2 = 1, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 24, 0},
    {"Cortex-A77", {.midr = MIDR(ARM, 0xd0d), .csv2 = 1, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 24, 0},
    {"Neoverse-N1", {.midr = MIDR(ARM, 0xd0c), .csv2 = 1, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 24, 0},
    {"Cortex-A78", {.midr = MIDR(ARM, 0xd41), .csv2 = 2, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 32, 0},
    {"Cortex-A78AE", {.midr = MIDR(ARM, 0xd42), .csv2 = 2, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 32, 0},
    {"Cortex-A78C", {.midr = MIDR(ARM, 0xd4b), .csv2 = 2, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 32, 0},
    {"Cortex-X1", {.midr = MIDR(ARM, 0xd44), .csv2 = 2, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 32, 0},
    {"Cortex-X1C", {.midr = MIDR(ARM, 0xd4c), .csv2 = 2, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 32, 0},
    {"Cortex-X2", {.midr = MIDR(ARM, 0xd48), .csv2 = 2, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 32, 0},
    {"Cortex-A710", {.midr = MIDR(ARM, 0xd47), .csv2 = 2, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 32, 0},
    {"Neoverse-N2", {.midr = MIDR(ARM, 0xd49), .csv2 = 2, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 32, 0},
    {"Neoverse-V1", {.midr = MIDR(ARM, 0xd40), .csv2 = 2, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 32, 0},
    {"Cortex-A715", {.midr = MIDR(ARM, 0xd4d), .csv2 = 2, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 38, 0},
    {"Cortex-A720", {.midr = MIDR(ARM, 0xd81), .csv2 = 2, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 38, 0},
    {"Cortex-X3", {.midr = MIDR(ARM, 0xd4e), .csv2 = 2, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 132, 0},
    {"Neoverse-V2", {.midr = MIDR(ARM, 0xd4f), .csv2 = 2, .ssbs = 2, .workaround = SILENT}, FINE, LOOP, SSBS, 132, 0},
    {"Cortex-A510", {.midr = MIDR(ARM, 0xd46), .csv2 = 2, .ssbs = 2, .workaround = SILENT}, FINE, FINE, SSBS, 0, 0},
    /* registers that say more than the model does */
    {"a loop core with CLRBHB", {.midr = MIDR(ARM, 0xd81), .csv2 = 2, .ssbs = 2, .clrbhb = 1, .workaround = SILENT},
     FINE, CLEAR, SSBS, 0, 0},
    {"a loop core with ECBHB", {.midr = MIDR(ARM, 0xd81), .csv2 = 2, .ssbs = 2, .ecbhb = 1, .clrbhb = 1,
     .workaround = SILENT}, FINE, FINE, SSBS, 0, 0},
    {"a loop core with CSV2_3", {.midr = MIDR(ARM, 0xd81), .csv2 = 3, .ssbs = 2, .workaround = SILENT}, FINE, FINE,
     SSBS, 0, 0},
    /* nobody's list has them */
    {"an unknown CPU", {.midr = MIDR(NOBODY, 0x051), .workaround = SILENT}, DUNNO, DUNNO, DUNNO, 0, 0},
    {"an unknown CPU with CSV2", {.midr = MIDR(HISI, 0xd01), .csv2 = 1, .ssbs = 1, .workaround = SILENT}, FINE, DUNNO,
     SSBS, 0, 0},
    {"an unknown CPU with CLRBHB", {.midr = MIDR(HISI, 0xd02), .csv2 = 1, .clrbhb = 1, .workaround = SILENT}, FINE,
     CLEAR, DUNNO, 0, 0},
    {"an unknown CPU whose firmware knows it", {.midr = MIDR(HISI, 0xd01), .workaround = {0, 1, 0}}, CALL, CALL, ALWAYS,
     0, SMCCC_ARCH_WORKAROUND_3},
    {"an unknown CPU whose firmware clears it", {.midr = MIDR(HISI, 0xd01), .workaround = {1, -2, 1}}, FINE, FINE,
     ALWAYS, 0, 0},
    {"another maker's part with the number of a Cortex-A53", {.midr = MIDR(HISI, 0xd03), .workaround = SILENT}, DUNNO,
     DUNNO, DUNNO, 0, 0},
    {"a core of Arm's that no list has", {.midr = MIDR(ARM, 0xdff), .csv2 = 1, .workaround = SILENT}, FINE, DUNNO, DUNNO,
     0, 0},
    {"a core of Arm's that no list has, and firmware that switches store bypass", {.midr = MIDR(ARM, 0xdff), .csv2 = 1,
     .workaround = {-1, 0, -1}}, FINE, DUNNO, CALL, 0, 0},
};

TEST(each_kind_of_cpu_gets_what_it_needs)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct mitigation m = mitigation_choose(&table[i].traits);
        test_expect(m.targets == table[i].targets, table[i].what, "targets", m.targets);
        test_expect(m.history == table[i].history, table[i].what, "history", m.history);
        test_expect(m.bypass == table[i].bypass, table[i].what, "bypass", m.bypass);
        test_expect(m.loops == table[i].loops, table[i].what, "loops", (int)m.loops);
        test_expect(m.call == table[i].call, table[i].what, "call", (int)m.call);
    }
}

/* Registers and firmware in every combination, on each model of the table. */
TEST(help_is_what_the_cpu_or_its_firmware_has)
{
    static const int32_t answers[] = {-2, -1, 0, 1};

    for (uint32_t n = 0; n < 20000; n++) {
        struct cpu_traits t = {
            .midr = table[test_random(sizeof(table) / sizeof(table[0]))].traits.midr,
            .csv2 = (uint8_t)test_random(4),
            .ssbs = (uint8_t)test_random(3),
            .ecbhb = (uint8_t)test_random(2),
            .clrbhb = (uint8_t)test_random(2),
        };
        for (uint32_t i = 0; i < 3; i++) {
            t.workaround[i] = answers[i == 1 ? test_random(4) : 1 + test_random(3)];
        }
        struct mitigation m = mitigation_choose(&t);
        bool calls = m.targets == CALL || m.history == CALL;
        EXPECT(calls == (m.call != 0));
        EXPECT(m.call != SMCCC_ARCH_WORKAROUND_1 || t.workaround[0] == 0);
        EXPECT(m.call != SMCCC_ARCH_WORKAROUND_3 || t.workaround[2] == 0);
        EXPECT((m.history == LOOP) == (m.loops != 0));
        EXPECT(m.history != CLEAR || t.clrbhb != 0);
        EXPECT(m.bypass != SSBS || t.ssbs != 0);
        EXPECT(m.bypass != CALL || t.workaround[1] == 0);
        EXPECT(t.csv2 == 0 || m.targets == FINE);
        EXPECT(t.ecbhb == 0 || m.history == FINE);
        EXPECT(m.targets < DUNNO || (t.workaround[0] < 0 && t.workaround[2] != 0));
        EXPECT(m.history < DUNNO || (t.clrbhb == 0 && t.workaround[2] < 0));
        EXPECT(m.bypass < DUNNO || t.workaround[1] == -1);
    }
}

TEST(a_line_tells_what_was_chosen)
{
    char text[160];
    struct mitigation a76 = {.targets = FINE, .history = LOOP, .bypass = SSBS, .loops = 24};
    struct mitigation a57 = {.targets = CALL, .history = CALL, .bypass = OPEN, .call = SMCCC_ARCH_WORKAROUND_1};
    struct mitigation longest = {.targets = OPEN, .history = OPEN, .bypass = OPEN};

    mitigation_describe(&a76, text, sizeof(text));
    EXPECT(strcmp(text, "Spectre-v2 not affected, Spectre-BHB loop of 24, Spectre-v4 SSBS") == 0);
    mitigation_describe(&a57, text, sizeof(text));
    EXPECT(strcmp(text, "Spectre-v2 firmware call, Spectre-BHB firmware call, "
                        "Spectre-v4 vulnerable (no help from firmware)") == 0);
    EXPECT(mitigation_describe(&longest, text, sizeof(text)) < sizeof(text));
}

static const struct {
    uint8_t targets, history, bypass;
    int32_t workaround[3]; /* what a guest is told */
} answers[] = {
    {FINE, FINE, FINE, {1, -2, 1}},
    {FINE, LOOP, SSBS, {1, NO, 0}},
    {FINE, CLEAR, ALWAYS, {1, -2, 0}},
    {FINE, CALL, CALL, {1, -2, 0}},
    {CALL, CALL, OPEN, {0, NO, 0}},
    {CALL, FINE, FINE, {0, -2, 0}}, /* WORKAROUND_3 stands for 1 too */
    {FINE, OPEN, DUNNO, {1, NO, NO}},
    {FINE, DUNNO, FINE, {1, -2, NO}},
    {OPEN, FINE, FINE, {NO, -2, NO}},
    {DUNNO, CLEAR, FINE, {NO, -2, NO}},
};

TEST(guests_are_told_what_they_may_call_for)
{
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        struct mitigation m = {
            .targets = answers[i].targets, .history = answers[i].history, .bypass = answers[i].bypass};
        EXPECT(mitigation_answer(&m, SMCCC_ARCH_WORKAROUND_1) == answers[i].workaround[0]);
        EXPECT(mitigation_answer(&m, SMCCC_ARCH_WORKAROUND_2) == answers[i].workaround[1]);
        EXPECT(mitigation_answer(&m, SMCCC_ARCH_WORKAROUND_3) == answers[i].workaround[2]);
        EXPECT(mitigation_answer(&m, 0x80000002u) == NO);
    }
}

TEST(the_worse_of_two_cpus_counts_for_a_guest_that_may_run_on_both)
{
    struct mitigation a53 = {.targets = FINE, .history = FINE, .bypass = FINE};
    struct mitigation a72 = {.targets = CALL, .history = CALL, .bypass = ALWAYS};
    struct mitigation both = mitigation_worse(&a53, &a72);

    EXPECT(both.targets == CALL && both.history == CALL && both.bypass == ALWAYS);
    both = mitigation_worse(&a72, &a53);
    EXPECT(both.targets == CALL && both.history == CALL && both.bypass == ALWAYS);
}
