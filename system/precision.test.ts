import { describe, expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import { bootLoads, diagnosticsOf, lowerUnchecked } from "./testing/unchecked.ts";
import { variedFiles, variedSystem } from "./testing/varied.ts";

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

  it.each(seeds)("boots: seed %i", async (seed) => {
    const system = variedSystem(seed);
    const diagnostics = await diagnosticsOf(system, core, files);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    expect(errors.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
    const loads = await lowerUnchecked(system, core, files);
    await withMachine(bootLoads(loads), async (machine) => {
      for (const [name, { console, cpus }] of Object.entries(system.domains))
        if (console !== "none") await machine.waitFor(name, `ready: ${name}, ${cpus ?? 1} of ${cpus ?? 1} CPUs`, 150);
      expect(machine.saidBy("hypervisor").filter((line) => /^(error|PANIC): /.test(line))).toEqual([]);
    });
  });
});
