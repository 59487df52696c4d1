import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DeviceTree } from "dtc-js";
import { cells, cells64, encode, findNode, property, removeNode, removeProperty, setProperty, strings } from "dtc-js";
import { beforeAll, describe, expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import type { MachineRequest } from "./testing/machine.ts";
import { core, guest } from "./testing/paths.ts";
import { build, fromImageWithTree, fromTree, readTree } from "./testing/systems.ts";
import type { BuiltSystem } from "./testing/systems.ts";

/** The core says one thing and stops: no domain is built, no guest runs. */
async function expectRefusal(request: MachineRequest, error: RegExp): Promise<void> {
  await withMachine(request, async (machine) => {
    await machine.waitFor("hypervisor", "error: ", 30);
    await sleep(500);
    const said = machine.saidBy("hypervisor");
    // Nothing follows, and nothing else is complained about.
    expect(said.filter((text) => text.startsWith("error: "))).toEqual(said.slice(-1));
    expect(said.at(-1)).toMatch(error);
    expect(machine.lines.filter(({ speaker }) => speaker !== "hypervisor")).toEqual([]);
  });
}

type Damage = (tree: DeviceTree) => DeviceTree;

const kernelOf = (tree: DeviceTree, domain: string): string => {
  const node = findNode(tree, `/chosen/${domain}`)?.children.find(({ name }) => name.startsWith("module@"));
  if (node === undefined) throw new Error(`${domain} has no module`);
  return `/chosen/${domain}/${node.name}`;
};

/** What is wrong with the tree, and the line that says so: node, property, rule. */
const damages: readonly [string, Damage, RegExp][] = [
  [
    "a domain without memory",
    (tree) => removeProperty(tree, "/chosen/ui", "memory"),
    /error: \/chosen\/ui: memory: missing/,
  ],
  [
    "a domain without CPUs",
    (tree) => setProperty(tree, "/chosen/ui", property("cpus", cells(0))),
    /error: \/chosen\/ui: cpus: .*1 to/,
  ],
  [
    "a domain without kernel",
    (tree) => removeNode(tree, kernelOf(tree, "ui")),
    /error: \/chosen\/ui: multiboot,kernel: missing/,
  ],
  [
    "a domain with colours of the cache",
    (tree) => setProperty(tree, "/chosen/ui", property("llc-colors", strings("0-3"))),
    /error: \/chosen\/ui: llc-colors: cache colours are not supported/,
  ],
  [
    "a kernel outside RAM",
    (tree) => setProperty(tree, kernelOf(tree, "ui"), property("reg", cells64(0x1000_0000, 0x1000))),
    /error: device tree: memory: the kernel of ui at 0x10000000 is not in RAM/,
  ],
  [
    "banks of two domains that overlap",
    (tree) => setProperty(tree, "/chosen/ui", property("xen,static-mem", cells64(0x7000_0000, 0x200_0000))),
    /error: .* at 0x70000000 .* overlap/,
  ],
  [
    "memory that is not the sum of its banks",
    (tree) => setProperty(tree, "/chosen/control", property("memory", cells64(0x1000))),
    /error: \/chosen\/control: memory: not the sum of xen,static-mem/,
  ],
  [
    "a distributor where nothing is",
    (tree) =>
      setProperty(tree, "/intc@8000000", property("reg", cells64(0x0b00_0000, 0x1_0000, 0x080a_0000, 0xf6_0000))),
    /error: \/intc@8000000: reg: nothing answers at 0xb00/,
  ],
  [
    "translation tables that nobody has the memory for",
    (tree) => setProperty(tree, "/chosen/ui", property("xen,domain-p2m-mem-mb", cells(0x1000))),
    /error: \/chosen\/ui: xen,domain-p2m-mem-mb: nothing is left for 4194304KB of the core's own structures/,
  ],
  [
    "a scheduler that does not exist",
    (tree) => setProperty(tree, poolOf(tree), property("cpupool-sched", strings("fifo"))),
    /error: .*: cpupool-sched: no scheduler "fifo"/,
  ],
];

function poolOf(tree: DeviceTree): string {
  const pool = findNode(tree, "/chosen")?.children.find(({ properties }) =>
    properties.some(({ name }) => name === "cpupool-cpus"),
  );
  if (pool === undefined) throw new Error("system.dtb has no pool");
  return `/chosen/${pool.name}`;
}

describe("the core stops with one line", () => {
  let built: BuiltSystem;
  beforeAll(async () => {
    const domain = { kernel: guest("hello"), bootargs: "name=x" };
    built = await build("refusal", {
      board: { cpus: 2, memory: "1GiB" },
      system: {
        cpupools: { all: { cpus: ["cpu0", "cpu1"] } },
        domains: {
          control: { ...domain, memory: [{ at: 0x7000_0000, size: 0x200_0000 }] },
          ui: { ...domain, memory: [{ at: 0x7200_0000, size: 0x200_0000 }] },
        },
      },
    });
  });

  it.each(damages)("for %s", async (_, damage, line) => {
    const tree = damage(readTree(join(built.output, "system.dtb")));
    await expectRefusal(fromTree(built, core, encode(tree)), line);
  });

  it("for firmware that is not called like that", async () => {
    const tree = readTree(join(built.output, "system.dtb"));
    const byHvc = setProperty(tree, "/psci", property("method", strings("hvc")));
    await expectRefusal(
      fromImageWithTree(built, encode(byHvc)),
      /^error: \/psci: method: no firmware answers calls by HVC/,
    );
  });

  it("for a module that is no kernel", async () => {
    const empty = fromTree(built, core, encode(readTree(join(built.output, "system.dtb"))));
    await expectRefusal(empty, /^error: \/chosen\/control: multiboot,kernel: of no known format/);
  });
});
