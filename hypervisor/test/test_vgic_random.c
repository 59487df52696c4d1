/* SPDX-License-Identifier: Apache-2.0 */
/* The vGIC against a model of what each interrupt owes. */
#include <string.h>

#include "fake_guest.h"
#include "test.h"

enum {
    ISENABLER = 0x100,
    ICENABLER = 0x180,
    ISPENDR = 0x200,
    ICPENDR = 0x280,
    ISACTIVER = 0x300,
    ICACTIVER = 0x380,
    IPRIORITYR = 0x400,
    ICFGR = 0xc00,
    IROUTER = 0x6000,
};

#define NONE 1023u

static void make_edge(uint32_t intid)
{
    uint64_t at = GICD + ICFGR + intid / 16 * 4;
    guest_write(0, at, 4, guest_read(0, at, 4) | 2u << (intid % 16 * 2));
}

static void prioritise(uint32_t intid, uint8_t priority)
{
    guest_write(0, GICD + IPRIORITYR + intid, 1, priority);
}

/* Random histories of edges, levels, routes and priorities on four vCPUs. Nothing may be lost, nothing
 * made up, nothing shown twice, and what is taken is never less urgent than what waits. */
#define IRQS 24u
#define VCPUS 4u

static uint32_t random_state;

static uint32_t next_random(uint32_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state % below;
}

static struct {
    bool edge, line, owed; /* owed: an edge came after it was last taken */
    bool enabled;
    uint32_t route;
    uint8_t priority;
    uint32_t active_on; /* vCPU + 1 */
} model[IRQS];
static uint32_t stack[VCPUS][64];
static uint32_t depth[VCPUS];

static bool model_pending(uint32_t i)
{
    return model[i].enabled && model[i].active_on == 0 && (model[i].edge ? model[i].owed : model[i].line);
}

static uint8_t model_running(uint32_t v)
{
    return depth[v] == 0 ? 0xff : model[stack[v][depth[v] - 1]].priority;
}

static void take(uint32_t v)
{
    uint32_t intid = guest_acknowledge(v);
    uint32_t best = IRQS;

    for (uint32_t i = 0; i < IRQS; i++) {
        if (model[i].route == v && model_pending(i) && (best == IRQS || model[i].priority < model[best].priority)) {
            best = i;
        }
    }
    if (best == IRQS || model[best].priority >= model_running(v)) {
        EXPECT(intid == NONE);
        return;
    }
    EXPECT(intid != NONE);
    if (intid == NONE) {
        return;
    }
    uint32_t i = intid - 40;
    EXPECT(i < IRQS && model_pending(i) && model[i].route == v && model[i].priority == model[best].priority);
    model[i].owed = false;
    model[i].active_on = v + 1;
    stack[v][depth[v]++] = i;
}

static void end(uint32_t v)
{
    if (depth[v] > 0) {
        uint32_t i = stack[v][--depth[v]];
        guest_end(v, 40 + i);
        model[i].active_on = 0;
    }
}

static void step(void)
{
    uint32_t i = next_random(IRQS);
    uint32_t v = next_random(VCPUS);

    switch (next_random(8)) {
    case 0:
    case 1:
        model[i].owed = model[i].owed || (model[i].edge && !model[i].line);
        model[i].line = !model[i].line;
        fake_set_current(next_random(2) == 0 ? NULL : &guest.vcpus[v]);
        vgic_set_spi(&guest.domain, 40 + i, model[i].line);
        break;
    case 2:
        model[i].enabled = !model[i].enabled;
        guest_write(v, GICD + (model[i].enabled ? ISENABLER : ICENABLER) + (40 + i) / 32 * 4, 4, 1u << ((40 + i) % 32));
        break;
    case 3:
        model[i].route = next_random(VCPUS);
        guest_write(v, GICD + IROUTER + 8 * (40 + i), 8, model[i].route);
        for (uint32_t w = 0; w < VCPUS; w++) {
            guest_enter(w); /* those that were kicked look */
        }
        break;
    case 4:
    case 5:
        end(v);
        for (uint32_t w = 0; w < VCPUS; w++) {
            guest_enter(w);
        }
        break;
    default:
        take(v);
        break;
    }
}

static void check_shown_once(void)
{
    uint32_t seen[IRQS] = {0};

    for (uint32_t v = 0; v < VCPUS; v++) {
        for (uint32_t l = 0; l < FAKE_LRS; l++) {
            if (guest.lrs[v][l].state != LR_INVALID) {
                seen[guest.lrs[v][l].intid - 40]++;
            }
        }
    }
    for (uint32_t i = 0; i < IRQS; i++) {
        EXPECT(seen[i] <= 1);
    }
}

static void random_history(uint32_t seed)
{
    random_state = seed;
    fake_guest_new(VCPUS);
    memset(model, 0, sizeof(model));
    memset(depth, 0, sizeof(depth));
    for (uint32_t i = 0; i < IRQS; i++) {
        model[i].edge = i % 2 == 0;
        model[i].priority = (uint8_t)(next_random(16) * 8 + 8);
        prioritise(40 + i, model[i].priority);
        if (model[i].edge) {
            make_edge(40 + i);
        }
    }
    for (uint32_t n = 0; n < 2000; n++) {
        step();
    }
    for (uint32_t v = 0; v < VCPUS; v++) {
        guest_enter(v);
    }
    check_shown_once();
}

TEST(loses_nothing_and_invents_nothing_in_random_histories)
{
    for (uint32_t seed = 1; seed <= 200; seed++) {
        random_history(seed);
    }
}
