import { describe, expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import { guest } from "./testing/paths.ts";
import { build, fromImage } from "./testing/systems.ts";

/** A neighbour that shares CPUs may wait; an emulator's CPUs wait on their own, too. */
const longestGapMs = 2000;

describe("a guest that attacks", () => {
  it.each([3, 2] as const)(
    "neither stops its neighbour nor changes its memory or registers, on a GICv%i",
    async (gic) => {
      const built = await build("isolation", {
        board: { gic, cpus: 2, memory: "1GiB" },
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
    },
  );

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
    // With the input, the attacker's bytes go to the port as they are.
    for (const focus of ["attacker", "victim"]) {
      await withMachine(fromImage(built), async (machine) => {
        await machine.focus(focus);
        await machine.waitFor("attacker", "survived round 1", 120);
        const forged = machine.lines.filter(({ text, complete }) => complete && text.includes("forged"));
        expect(forged.map(({ speaker }) => speaker)).toEqual(["attacker", "attacker", "attacker"]);
      });
    }
  });

  it("resets for ever in its own time", async () => {
    const built = await build("resetting", {
      board: { cpus: 1, memory: "2GiB" },
      system: {
        domains: {
          // Much memory: all of it is made anew each time.
          attacker: { kernel: guest("hostile"), bootargs: "name=attacker rounds=0 then=reset", memory: "768MiB" },
          victim: { kernel: guest("load"), bootargs: "name=victim seconds=6", memory: "32MiB" },
        },
      },
    });
    await withMachine(fromImage(built), async (machine) => {
      await machine.waitFor("victim", "load: victim done", 120);
      const rounds = machine.saidBy("attacker").filter((line) => line.startsWith("ready:"));
      expect(rounds.length).toBeGreaterThan(1);
      const gaps = machine.saidBy("victim").flatMap((line) => /gap (\d+) ms/.exec(line)?.slice(1) ?? []);
      expect(gaps.length).toBeGreaterThan(0);
      for (const gap of gaps) expect(Number(gap)).toBeLessThan(longestGapMs);
    });
  });
});
