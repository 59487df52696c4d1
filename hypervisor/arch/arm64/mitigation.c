/* SPDX-License-Identifier: Apache-2.0 */
/* Which mitigation a CPU needs. Registers first: a CPU that says that it is not affected is believed (Arm ARM
 * (DDI 0487), FEAT_CSV2, FEAT_ECBHB, FEAT_CLRBHB, FEAT_SSBS). Then Arm's lists, by model: "Speculative Processor
 * Vulnerability" and "Spectre-BHB" of its security centre, and Trusted Firmware's advisories TFV-6, TFV-7
 * and TFV-9. Firmware decides about the rest. No register is read here: the host's tests run this file. */
#include <xi/bits.h>
#include <xi/mitigation.h>
#include <xi/print.h>

#define MIDR_IMPLEMENTER XI_FIELD(24, 8)
#define MIDR_PART XI_FIELD(4, 12)
#define IMPLEMENTER_ARM 0x41u

#define CSV2_HISTORY 3u /* FEAT_CSV2_3: the history is of its context too */

enum {
    CORTEX_A32 = 0xd01, CORTEX_A34 = 0xd02, CORTEX_A53 = 0xd03, CORTEX_A35 = 0xd04, CORTEX_A55 = 0xd05,
    CORTEX_A57 = 0xd07, CORTEX_A72 = 0xd08, CORTEX_A73 = 0xd09, CORTEX_A75 = 0xd0a, CORTEX_A76 = 0xd0b,
    NEOVERSE_N1 = 0xd0c, CORTEX_A77 = 0xd0d, CORTEX_A76AE = 0xd0e, NEOVERSE_V1 = 0xd40, CORTEX_A78 = 0xd41,
    CORTEX_A78AE = 0xd42, CORTEX_X1 = 0xd44, CORTEX_A510 = 0xd46, CORTEX_A710 = 0xd47, CORTEX_X2 = 0xd48,
    NEOVERSE_N2 = 0xd49, CORTEX_A78C = 0xd4b, CORTEX_X1C = 0xd4c, CORTEX_A715 = 0xd4d, CORTEX_X3 = 0xd4e,
    NEOVERSE_V2 = 0xd4f, CORTEX_A520 = 0xd80, CORTEX_A720 = 0xd81, NEOVERSE_V3 = 0xd84,
};

/* What Arm says of its cores: how many branches overwrite the history, and what else they are prone to. */
enum { IN_ORDER = 1, TARGETS = 2, BYPASS = 4 };
#define LOOPS_MOST 132u /* where a core is listed, and no number is at hand */

static const struct {
    uint16_t part;
    uint8_t loops; /* 0: the history is flushed by firmware, if at all */
    uint8_t flags; /* IN_ORDER: follows no prediction far enough; TARGETS: unless it has CSV2; BYPASS: unless it has SSBS */
} cores[] = {
    {CORTEX_A32, 0, IN_ORDER},
    {CORTEX_A34, 0, IN_ORDER},
    {CORTEX_A35, 0, IN_ORDER},
    {CORTEX_A53, 0, IN_ORDER},
    {CORTEX_A55, 0, IN_ORDER},
    {CORTEX_A510, 0, IN_ORDER},
    {CORTEX_A520, 0, IN_ORDER},
    {CORTEX_A57, 0, TARGETS | BYPASS},
    {CORTEX_A72, 8, TARGETS | BYPASS},
    {CORTEX_A73, 0, TARGETS | BYPASS}, /* also those with CSV2 need firmware: TFV-9 */
    {CORTEX_A75, 0, TARGETS | BYPASS},
    {CORTEX_A76, 24, BYPASS},
    {CORTEX_A76AE, 24, BYPASS},
    {CORTEX_A77, 24, BYPASS},
    {NEOVERSE_N1, 24, BYPASS},
    {CORTEX_A78, 32, 0},
    {CORTEX_A78AE, 32, 0},
    {CORTEX_A78C, 32, 0},
    {CORTEX_X1, 32, 0},
    {CORTEX_X1C, 32, 0},
    {CORTEX_A710, 32, 0},
    {CORTEX_X2, 32, 0},
    {NEOVERSE_N2, 32, 0},
    {NEOVERSE_V1, 32, 0},
    {CORTEX_A715, 38, 0},
    {CORTEX_A720, 38, 0},
    {CORTEX_X3, 132, 0},
    {NEOVERSE_V2, 132, 0},
    {NEOVERSE_V3, LOOPS_MOST, 0},
};

struct core {
    bool arm;    /* a core of Arm's */
    bool listed; /* in the table above */
    uint8_t loops, flags;
};

static struct core core_of(uint64_t midr)
{
    struct core core = {.arm = xi_field_get(MIDR_IMPLEMENTER, midr) == IMPLEMENTER_ARM};

    for (uint32_t i = 0; core.arm && i < sizeof(cores) / sizeof(cores[0]); i++) {
        if (cores[i].part == xi_field_get(MIDR_PART, midr)) {
            core.listed = true;
            core.loops = cores[i].loops;
            core.flags = cores[i].flags;
        }
    }
    return core;
}

static int32_t answer(const struct cpu_traits *traits, uint32_t number)
{
    return traits->workaround[number - 1];
}

static uint8_t without_help(const struct core *core)
{
    return core->listed ? MITIGATION_VULNERABLE : MITIGATION_UNKNOWN;
}

static uint8_t choose_targets(const struct cpu_traits *traits, const struct core *core)
{
    if (traits->csv2 >= 1 || (core->flags & IN_ORDER) != 0) {
        return MITIGATION_NOT_AFFECTED;
    }
    if (answer(traits, 1) == WORKAROUND_NEEDED || answer(traits, 3) == WORKAROUND_NEEDED) {
        return MITIGATION_FIRMWARE;
    }
    return answer(traits, 1) > 0 ? MITIGATION_NOT_AFFECTED : without_help(core);
}

static uint8_t choose_history(const struct cpu_traits *traits, const struct core *core, uint8_t targets)
{
    if (traits->csv2 >= CSV2_HISTORY || traits->ecbhb >= 1 || (core->flags & IN_ORDER) != 0) {
        return MITIGATION_NOT_AFFECTED;
    }
    if (traits->clrbhb >= 1) {
        return MITIGATION_CLEAR;
    }
    if (traits->csv2 >= 1 && core->loops != 0) {
        return MITIGATION_LOOP;
    }
    if (answer(traits, 3) >= 0) {
        return answer(traits, 3) == WORKAROUND_NEEDED ? MITIGATION_FIRMWARE : MITIGATION_NOT_AFFECTED;
    }
    /* WORKAROUND_1 flushes all predictions, whatever history they go by (TFV-9). */
    return targets == MITIGATION_FIRMWARE ? MITIGATION_FIRMWARE : without_help(core);
}

static uint8_t choose_bypass(const struct cpu_traits *traits, const struct core *core)
{
    if (traits->ssbs >= 1) {
        return MITIGATION_SSBS;
    }
    if (core->listed && (core->flags & BYPASS) == 0) {
        return MITIGATION_NOT_AFFECTED;
    }
    if (answer(traits, 2) == WORKAROUND_NEEDED) {
        return MITIGATION_FIRMWARE;
    }
    return answer(traits, 2) != WORKAROUND_NOT_SUPPORTED ? MITIGATION_ALWAYS : without_help(core);
}

struct mitigation mitigation_choose(const struct cpu_traits *traits)
{
    struct core core = core_of(traits->midr);
    struct mitigation m = {.targets = choose_targets(traits, &core), .bypass = choose_bypass(traits, &core)};

    m.history = choose_history(traits, &core, m.targets);
    m.loops = m.history == MITIGATION_LOOP ? core.loops : 0;
    if (m.targets == MITIGATION_FIRMWARE || m.history == MITIGATION_FIRMWARE) {
        m.call = answer(traits, 3) == WORKAROUND_NEEDED ? SMCCC_ARCH_WORKAROUND_3 : SMCCC_ARCH_WORKAROUND_1;
    }
    return m;
}

static const char *const names[] = {
    [MITIGATION_NOT_AFFECTED] = "not affected",
    [MITIGATION_LOOP] = "loop of",
    [MITIGATION_CLEAR] = "CLRBHB",
    [MITIGATION_FIRMWARE] = "firmware call",
    [MITIGATION_ALWAYS] = "mitigated by firmware",
    [MITIGATION_SSBS] = "SSBS",
    [MITIGATION_UNKNOWN] = "unknown (not mitigated)",
    [MITIGATION_VULNERABLE] = "vulnerable (no help from firmware)",
};

size_t mitigation_describe(const struct mitigation *m, char *text, size_t size)
{
    if (m->history == MITIGATION_LOOP) {
        return xi_snprintf(text, size, "Spectre-v2 %s, Spectre-BHB loop of %u, Spectre-v4 %s", names[m->targets],
                           m->loops, names[m->bypass]);
    }
    return xi_snprintf(text, size, "Spectre-v2 %s, Spectre-BHB %s, Spectre-v4 %s", names[m->targets],
                       names[m->history], names[m->bypass]);
}

struct mitigation mitigation_worse(const struct mitigation *a, const struct mitigation *b)
{
    return (struct mitigation){
        .targets = a->targets > b->targets ? a->targets : b->targets,
        .history = a->history > b->history ? a->history : b->history,
        .bypass = a->bypass > b->bypass ? a->bypass : b->bypass,
    };
}

/* A guest that calls comes here through the vectors, which do what it calls for. Store bypass is off for it in
 * firmware, and stays off: there is nothing to call for. With SSBS it decides itself. */
int32_t mitigation_answer(const struct mitigation *m, uint32_t workaround)
{
    bool helpless = m->targets >= MITIGATION_UNKNOWN;

    switch (workaround) {
    case SMCCC_ARCH_WORKAROUND_1:
        if (helpless) {
            return WORKAROUND_NOT_SUPPORTED;
        }
        return m->targets == MITIGATION_NOT_AFFECTED ? WORKAROUND_NOT_NEEDED : WORKAROUND_NEEDED;
    case SMCCC_ARCH_WORKAROUND_2:
        return m->bypass >= MITIGATION_SSBS ? WORKAROUND_NOT_SUPPORTED : WORKAROUND_NEEDED_NOWHERE;
    case SMCCC_ARCH_WORKAROUND_3:
        if (helpless || m->history >= MITIGATION_UNKNOWN) {
            return WORKAROUND_NOT_SUPPORTED;
        }
        return m->targets == MITIGATION_NOT_AFFECTED && m->history == MITIGATION_NOT_AFFECTED ? WORKAROUND_NOT_NEEDED
                                                                                             : WORKAROUND_NEEDED;
    default:
        return WORKAROUND_NOT_SUPPORTED;
    }
}
