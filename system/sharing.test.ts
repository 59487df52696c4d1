import { describe, expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import { guest } from "./testing/paths.ts";
import { build, fromImage } from "./testing/systems.ts";

const domains = ["one", "two"] as const;
/** The first seconds are the start's; work is counted between two later reports. */
const from = 2;
const until = 8;

describe("four CPUs of two domains on two machine CPUs", () => {
  it("get within 20 % of the same time, and lose neither memory nor registers", async () => {
    const load = (name: string) => ({
      kernel: guest("load"),
      bootargs: `name=${name} seconds=${until}`,
      cpus: 2,
      memory: "32MiB",
    });
    const built = await build("sharing", {
      board: { cpus: 2, memory: "1GiB" },
      system: { domains: { one: load("one"), two: load("two") } },
    });
    await withMachine(fromImage(built), async (machine) => {
      for (const domain of domains) await machine.waitFor(domain, `load: ${domain} done`, 120);
      const work = domains.flatMap((domain) => workBetween(machine.saidBy(domain)));
      expect(work).toHaveLength(4);
      const fair = work.reduce((sum, one) => sum + one, 0) / work.length;
      for (const one of work) expect(Math.abs(one - fair) / fair, work.join(" ")).toBeLessThan(0.2);
      for (const domain of domains) expect(machine.saidBy(domain).join("\n")).not.toContain("LOST");
    });
  });
});

/** Each CPU's work from one report to the other. */
function workBetween(lines: readonly string[]): number[] {
  const at = (second: number): number[] => {
    const line = lines.find((text) => text.includes(` second ${second} `)) ?? "";
    return [...line.matchAll(/work (\d+)/g)].map((match) => Number(match[1]));
  };
  const start = at(from);
  return at(until).map((work, cpu) => work - (start[cpu] ?? Number.NaN));
}
