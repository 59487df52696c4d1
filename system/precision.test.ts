import { describe, expect, it } from "vitest";
import type { SystemInput } from "../compiler/index.ts";
import { withMachine } from "./testing/machine.ts";
import { bootLoads, diagnosticsOf, lowerUnchecked } from "./testing/unchecked.ts";
import { partitionedSystem, variedFiles, variedSystem } from "./testing/varied.ts";

const count = 50;
const core = { hypervisor: "core" } as const;

describe("what check has no error for", () => {
  const files = variedFiles();
  const seeds = Array.from({ length: count }, (_, seed) => seed);

  it("is varied", () => {
    const systems = seeds.map((seed) => variedSystem(seed));
    const domains = systems.flatMap((system) => Object.values(system.domains));
    const kinds: Readonly<Record<string, number>> = {
      pools: systems.filter(({ cpupools }) => Object.keys(cpupools ?? {}).length > 0).length,
      heaps: systems.filter(({ hypervisor }) => hypervisor?.heap !== undefined).length,
      channels: systems.filter(({ eventChannels }) => eventChannels !== undefined).length,
      shared: systems.filter(({ sharedMemory }) => sharedMemory !== undefined).length,
      direct: domains.filter(({ directMap }) => directMap === true).length,
      banks: domains.filter(({ memory }) => typeof memory === "object").length,
      devices: domains.filter(({ passthrough }) => passthrough !== undefined).length,
      compressed: domains.filter(({ kernel }) => kernel === "hello.gz").length,
      ramdisks: domains.filter(({ ramdisk }) => ramdisk !== undefined).length,
      enhanced: domains.filter(({ enhanced }) => enhanced !== undefined).length,
    };
    for (const [kind, number] of Object.entries(kinds)) expect([kind, number >= 5]).toEqual([kind, true]);
  });

  async function boots(system: SystemInput): Promise<void> {
    const diagnostics = await diagnosticsOf(system, core, files);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    expect(errors.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
    const loads = await lowerUnchecked(system, core, files);
    await withMachine(bootLoads(loads), async (machine) => {
      for (const [name, { console, cpus }] of Object.entries(system.domains))
        if (console !== "none") await machine.waitFor(name, `ready: ${name}, ${cpus ?? 1} of ${cpus ?? 1} CPUs`, 150);
      expect(machine.saidBy("hypervisor").filter((line) => /^(error|PANIC): /.test(line))).toEqual([]);
    });
  }

  it.each(seeds)("boots: seed %i", async (seed) => {
    await boots(variedSystem(seed));
  });

  // Seeds of their own, and few: `full-upstream` boots the others, and upstream Xen takes no table at boot.
  const partitioned = Array.from({ length: 40 }, (_, index) => count + index)
    .filter((seed) => partitionedSystem(seed) !== undefined)
    .slice(0, 6);

  it.each(partitioned)("boots under a table of windows: seed %i", async (seed) => {
    const system = partitionedSystem(seed);
    expect(system?.cpupools?.["apart"]?.scheduler).toBe("arinc653");
    if (system) await boots(system);
  });

  it("has tables for one domain and for several", () => {
    const sizes = partitioned.map((seed) => {
      const windows = partitionedSystem(seed)?.cpupools?.["apart"]?.schedule?.windows ?? [];
      return windows.filter(({ domain }) => domain !== undefined).length;
    });
    expect([sizes.length, sizes.includes(1), sizes.some((size) => size > 1)]).toEqual([6, true, true]);
  });
});
