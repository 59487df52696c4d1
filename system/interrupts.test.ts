import { join } from "node:path";
import { cells, encode, property, setProperty } from "dtc-js";
import { describe, expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import { guest } from "./testing/paths.ts";
import { build, fromImage, fromImageWithTree, readTree } from "./testing/systems.ts";

/** A multiple of 32, as the distributor counts them. */
const spis = 960;

/**
 * QEMU's list registers are four: 16 SGIs are pending at once, for each of seven senders with a GICv2, and 960 SPIs.
 * Whoever waits yields; as each CPU is a thread of QEMU, 32 vCPUs on more than two wait for the host's scheduler mostly.
 */
describe.each([
  { gic: 3, vcpus: 4, cpus: 4, rounds: 5 },
  { gic: 2, vcpus: 8, cpus: 8, rounds: 5 },
  { gic: 3, vcpus: 32, cpus: 2, rounds: 3 },
] as const)("with a GICv$gic and $vcpus vCPUs on $cpus CPUs", ({ gic, vcpus, cpus, rounds }) => {
  it("each SGI and each SPI comes once, with more pending than there are list registers, and wakes who sleeps", async () => {
    const storm = { kernel: guest("storm"), bootargs: `name=storm rounds=${rounds}`, cpus: vcpus, memory: "32MiB" };
    const built = await build("storm", { board: { gic, cpus, memory: "512MiB" }, system: { domains: { storm } } });
    const tree = readTree(join(built.output, "system.dtb"));
    const all = setProperty(tree, "/chosen/storm", property("nr_spis", cells(spis)));
    await withMachine(fromImageWithTree(built, encode(all)), async (machine) => {
      await machine.waitFor("storm", `storm: storm ${vcpus} of ${vcpus} CPUs`, 240);
      const sgis = await machine.waitFor("storm", "SGIs, wrong", 480);
      expect(sgis.text).toBe(`storm: storm ${rounds} rounds of 16 SGIs, wrong 0`);
      const wakes = await machine.waitFor("storm", "times, missing", 240);
      expect(wakes.text).toBe(`storm: storm woke ${vcpus - 1} CPUs 20 times, missing 0`);
      const rest = await machine.waitFor("storm", "SPIs, wrong", 120);
      expect(rest.text).toBe(`storm: storm ${spis} SPIs, wrong 0`);
    });
  }, 900_000);
});

describe("as many vCPUs as", () => {
  it.each([
    [3, 32],
    [2, 8],
  ] as const)("a GICv%i is tested with, %i, start", async (gic, cpus) => {
    const many = { kernel: guest("hello"), bootargs: "name=many", cpus, memory: "32MiB" };
    const built = await build("many", { board: { gic, cpus: 4, memory: "512MiB" }, system: { domains: { many } } });
    await withMachine(fromImage(built), async (machine) => {
      await machine.waitFor("many", `ready: many, ${cpus} of ${cpus} CPUs`, 240);
    });
  });
});
