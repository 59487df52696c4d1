import { describe, expect, it } from "vitest";
import type { Machine } from "./testing/machine.ts";
import { withMachine } from "./testing/machine.ts";
import { guest } from "./testing/paths.ts";
import type { PvLink, PvSystem } from "./testing/pv.ts";
import { bootPv, linkGuest } from "./testing/pv.ts";

/** io and app are each other's victims; the intruder is a frontend of the one and a backend of the other. */
const ours: readonly PvLink[] = [
  { kind: "net", backend: 1, frontend: 2, device: 0 },
  { kind: "block", backend: 1, frontend: 2, device: 0 },
];
const theirs: readonly PvLink[] = [
  { kind: "net", backend: 1, frontend: 3, device: 0 },
  { kind: "net", backend: 3, frontend: 2, device: 1 },
];
const lives = 3;

const system: PvSystem = {
  cpus: 4,
  domains: {
    io: linkGuest("io", "count=200 forever=yes"),
    app: linkGuest("app", "count=200 forever=yes"),
    intruder: { kernel: guest("intruder"), bootargs: `name=intruder lives=${lives}`, memory: "8MiB", cpus: 4 },
  },
  links: [...ours, ...theirs],
  entries: [["n0b3", "/lives", "0"]],
};

/** So many beats of each of the victims' links from now on; the last one's pages in use, of each of app's frontends. */
async function beats(machine: Machine, count: number): Promise<readonly number[]> {
  let inUse: readonly number[] = [];
  for (const device of ["vif/0", "vbd/0"]) {
    let from = machine.lines.length;
    for (let beat = 0; beat < count; beat++) {
      const line = await machine.waitFor("app", new RegExp(`${device} beats at .*memory \\w+`), 120, from);
      expect(line.text).toMatch(/wrong 0, refused 0, in use [\d ]+, memory intact/);
      inUse = (/in use ([\d ]+),/.exec(line.text)?.[1] ?? "").split(" ").map(Number);
      from = machine.lines.indexOf(line) + 1;
    }
  }
  return inUse;
}

describe("domains that exchange pages beside one that lies and floods", () => {
  it("lose nothing by it, over all its lives", async () => {
    await withMachine(await bootPv(system), async (machine) => {
      await beats(machine, 1);
      for (let life = 0; life < lives; life++) {
        const { text } = await machine.waitFor("intruder", new RegExp(`life ${life}, .* as it should`), 240);
        expect(text).toMatch(/ (\d+) of \1 as it should/);
      }
      await machine.waitFor("intruder", `has lived ${lives} times`, 120);
      // The rings to io are in use, and nothing that was the intruder's to map.
      expect((await beats(machine, 3)).filter((pages) => pages === 0)).toHaveLength(1);
      expect(machine.raw).not.toMatch(/FAIL|crashed|PANIC|unexpected/);
    });
  });
});
