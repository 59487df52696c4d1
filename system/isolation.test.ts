import { describe, expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import { guest } from "./testing/paths.ts";
import { build, fromImage } from "./testing/systems.ts";

/** A neighbour that shares CPUs may wait; an emulator's CPUs wait on their own, too. */
const longestGapMs = 2000;

describe("a guest that attacks", () => {
  it("neither stops its neighbour nor changes its memory or registers", async () => {
    const built = await build("isolation", {
      board: { cpus: 2, memory: "1GiB" },
      system: {
        domains: {
          attacker: {
            kernel: guest("hostile"),
            bootargs: "name=attacker rounds=1",
            cpus: 2,
            memory: "32MiB",
            enhanced: "no-xenstore",
          },
          victim: { kernel: guest("load"), bootargs: "name=victim", memory: "32MiB" },
        },
      },
    });
    await withMachine(fromImage(built), async (machine) => {
      await machine.waitFor("attacker", "survived round 1", 120);
      await machine.waitFor("victim", "load: victim second", 30, machine.lines.length);
      const beats = machine.saidBy("victim").filter((line) => line.includes("load: victim second"));
      expect(beats.map((line) => Number(/second (\d+)/.exec(line)?.[1]))).toEqual(beats.map((_, index) => index + 1));
      for (const line of beats) {
        expect(line).toContain("memory intact fp kept");
        expect(Number(/gap (\d+) ms/.exec(line)?.[1])).toBeLessThan(longestGapMs);
      }
    });
  });

  it("cannot speak in its neighbour's name", async () => {
    const built = await build("forgery", {
      board: { cpus: 2, memory: "1GiB" },
      system: {
        domains: {
          attacker: { kernel: guest("hostile"), bootargs: "name=attacker rounds=1", memory: "32MiB" },
          victim: { kernel: guest("hello"), bootargs: "name=victim", memory: "32MiB" },
        },
      },
    });
    await withMachine(fromImage(built), async (machine) => {
      // Seen from the hypervisor's own input: each guest's line carries its domain.
      await machine.focus("victim");
      await machine.waitFor("attacker", "survived round 1", 120);
      expect(machine.saidBy("victim").filter((line) => line.includes("forged"))).toEqual([]);
      expect(machine.saidBy("attacker").filter((line) => line.includes("forged"))).toHaveLength(1);
    });
  });
});
