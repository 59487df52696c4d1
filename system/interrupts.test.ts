import { join } from "node:path";
import { cells, encode, property, setProperty } from "dtc-js";
import { describe, expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import { guest } from "./testing/paths.ts";
import { build, fromImage, fromImageWithTree, readTree } from "./testing/systems.ts";

const rounds = 5;
/** A multiple of 32, as the distributor counts them. */
const spis = 960;

/** QEMU's list registers are four: 16 SGIs are pending at once, for each of three senders with a GICv2, and 960 SPIs. */
describe.each([3, 2] as const)("with a GICv%i and more pending than there are list registers", (gic) => {
  it("each SGI and each SPI comes once", async () => {
    const storm = { kernel: guest("storm"), bootargs: `name=storm rounds=${rounds}`, cpus: 4, memory: "32MiB" };
    const built = await build("storm", { board: { gic, cpus: 4, memory: "512MiB" }, system: { domains: { storm } } });
    const tree = readTree(join(built.output, "system.dtb"));
    const all = setProperty(tree, "/chosen/storm", property("nr_spis", cells(spis)));
    await withMachine(fromImageWithTree(built, encode(all)), async (machine) => {
      await machine.waitFor("storm", "storm: storm 4 of 4 CPUs", 120);
      const sgis = await machine.waitFor("storm", "SGIs, wrong", 240);
      expect(sgis.text).toBe(`storm: storm ${rounds} rounds of 16 SGIs, wrong 0`);
      const rest = await machine.waitFor("storm", "SPIs, wrong", 120);
      expect(rest.text).toBe(`storm: storm ${spis} SPIs, wrong 0`);
    });
  }, 600_000);
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
