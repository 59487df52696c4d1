import { beforeAll, describe, expect, it } from "vitest";
import type { Target } from "../compiler/index.ts";
import { catalogue } from "../compiler/index.ts";
import { withMachine } from "./testing/machine.ts";
import { bootLoads, diagnosticsOf, lowerUnchecked } from "./testing/unchecked.ts";
import { boardCases } from "./testing/recall/board.ts";
import type { Case } from "./testing/recall/case.ts";
import { observe } from "./testing/recall/case.ts";
import { deviceCases } from "./testing/recall/devices.ts";
import { domainCases } from "./testing/recall/domains.ts";
import { linkCases } from "./testing/recall/links.ts";
import { memoryCases } from "./testing/recall/memory.ts";
import { moduleCases } from "./testing/recall/modules.ts";
import { poolCases } from "./testing/recall/pools.ts";
import { rows, stories } from "./testing/recall/rows.ts";
import { system } from "./testing/recall/systems.ts";

const targets = {
  core: { hypervisor: "core" },
  xen: { hypervisor: "xen", version: "4.17" },
} as const satisfies Readonly<Record<Case["on"], Target>>;

const cases: readonly Case[] = [
  ...boardCases,
  ...moduleCases,
  ...domainCases,
  ...memoryCases,
  ...linkCases,
  ...poolCases,
  ...deviceCases,
];

/** Seconds that a sound system takes to its last word. */
const first = { core: 0, xen: 0 };

const described = (each: Case): readonly [string, Case] => [`${each.row}, ${each.what}`, each];

describe("the table of rows", () => {
  it("has every row of the catalogue", () => {
    const counts = { A: 18, B: 18, C: 22, D: 13, E: 17, F: 22 };
    const ids = Object.entries(counts).flatMap(([section, count]) =>
      Array.from({ length: count }, (_, index) => `${section}${index + 1}`),
    );
    expect(Object.keys(rows)).toEqual(ids);
    expect(stories.length).toBe(26);
    expect(stories.flatMap((story) => story.rows).filter((row) => rows[row] === undefined)).toEqual([]);
  });

  it("says booted of those that are, at least 60, with the codes that name them", () => {
    const said = Object.entries(rows).flatMap(([id, row]) => ("booted" in row ? [[id, [...row.codes].sort()]] : []));
    const done = Object.keys(rows).flatMap((id) => {
      const codes = cases.filter(({ row }) => row === id).map(({ code }) => code);
      return codes.length === 0 ? [] : [[id, [...new Set(codes)].sort()]];
    });
    expect(done).toEqual(said);
    expect(done.length).toBeGreaterThanOrEqual(60);
  });

  it("names codes that there are", () => {
    const named = Object.values(rows).flatMap((row) => ("codes" in row ? row.codes : []));
    expect(named.filter((code) => !(code in catalogue))).toEqual([]);
  });
});

describe("what fails at boot is named before", () => {
  beforeAll(async () => {
    for (const on of ["core", "xen"] as const) {
      const loads = await lowerUnchecked(system(), targets[on]);
      const begin = performance.now();
      await withMachine(bootLoads(loads), async (machine) => {
        for (const name of ["ui", "other"]) await machine.waitFor(name, "ready", 120);
      });
      first[on] = (performance.now() - begin) / 1000;
    }
  });

  it.each(cases.map(described))("%s", async (_, { on, wrong, code, files, sound, damage, seen }) => {
    const target = targets[on];
    const diagnostics = await diagnosticsOf(wrong, target, files);
    expect(diagnostics.map((each) => each.code)).toContain(code);
    const loads = await lowerUnchecked(sound ?? wrong, target, files);
    const broken = damage ? damage(loads) : loads;
    await withMachine(bootLoads(broken), (machine) => observe(machine, seen, broken, first[on]));
  });
});
