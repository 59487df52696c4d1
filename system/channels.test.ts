import { join } from "node:path";
import type { DeviceTree } from "dtc-js";
import { cells64, encode, getProperty, property, readU64s, setProperty, walk } from "dtc-js";
import { describe, expect, it } from "vitest";
import type { MachineRequest } from "./testing/machine.ts";
import { withMachine } from "./testing/machine.ts";
import { core, guest } from "./testing/paths.ts";
import type { BuiltSystem, SystemRequest } from "./testing/systems.ts";
import { build, fromFiles, fromImage, fromImageWithTree, readTree } from "./testing/systems.ts";
import { onUpstreamXen, watchable } from "./testing/upstream.ts";

const abis = ["2level", "fifo"] as const;
type Abi = (typeof abis)[number];

/** One end: it knows its port from its command line. */
const talker = (name: string, role: "send" | "receive", port: number, abi: Abi, count: number) => ({
  kernel: guest("messages"),
  bootargs: `name=${name} role=${role} port=${port} abi=${abi} count=${count}`,
  memory: "32MiB",
});

/** Two domains with a channel between them; with shared memory, where messages go through it. */
function pair(abi: Abi, count: number, shared: boolean, gic: 2 | 3 = 3): SystemRequest {
  return {
    board: { gic, cpus: 2, memory: "1GiB" },
    system: {
      domains: { one: talker("one", "send", 10, abi, count), two: talker("two", "receive", 11, abi, count) },
      ...(shared && { sharedMemory: { frames: { size: "2MiB", owner: "one", borrowers: ["two"] } } }),
      eventChannels: [{ from: ["one", 10], to: ["two", 11] }],
    },
  };
}

describe.each(abis)("two domains with %s event channels", (abi) => {
  it.each([3, 2] as const)(
    "exchange a million messages through shared memory, and lose none, on a GICv%i",
    async (gic) => {
      await withMachine(fromImage(await build("messages", pair(abi, 1_000_000, true, gic))), async (machine) => {
        const received = await machine.waitFor("two", "messages: two received 1000000, wrong 0, events ", 120);
        expect(Number(received.text.split("events ")[1])).toBeGreaterThan(0);
        await machine.waitFor("one", "messages: one sent 1000000", 10);
      });
    },
  );

  const hypervisors: readonly [string, (built: BuiltSystem) => MachineRequest][] = [
    ["the core", (built) => fromFiles(built, core)],
    ["upstream Xen", onUpstreamXen],
  ];

  it.each(hypervisors)("wake each other two thousand times on %s", async (_, boot) => {
    const built = await build("wakes", watchable(pair(abi, 2_000, false)));
    await withMachine(boot(built), async (machine) => {
      for (const domain of ["one", "two"])
        await machine.waitFor(domain, `messages: ${domain} exchanged 2000, events 2000`, 120);
    });
  });
});

/** As Xen's binding has it from 4.19 on: guest address and size, and the machine address is the hypervisor's to find. */
function withoutMachineAddresses(tree: DeviceTree): DeviceTree {
  const nodes = [...walk(tree)].flatMap(({ node, path }) => {
    const place = getProperty(node, "xen,shared-mem");
    return place ? [{ path, numbers: readU64s(place.value) ?? [] }] : [];
  });
  expect(nodes.map(({ numbers }) => numbers.length)).toEqual([3, 3, 3, 3]);
  return nodes.reduce(
    (rest, { path, numbers }) =>
      setProperty(rest, path, property("xen,shared-mem", cells64(...numbers.slice(1).map(Number)))),
    tree,
  );
}

describe("shared memory without a machine address, and channels without ports", () => {
  it.each([
    ["one of them", { owner: "one", borrowers: ["two"] }],
    ["nobody", { borrowers: ["one", "two"] }],
  ])("carry messages on the core where %s owns the memory", async (_, sees) => {
    const talk = (name: string, role: "send" | "receive") => talker(name, role, 1, "2level", 100_000);
    const built = await build("unplaced", {
      board: { cpus: 2, memory: "1GiB" },
      system: {
        domains: { one: talk("one", "send"), two: talk("two", "receive") },
        sharedMemory: { frames: { size: "2MiB", ...sees }, more: { size: "12KiB", ...sees } },
        eventChannels: [{ from: "one", to: "two" }],
      },
    });
    const tree = withoutMachineAddresses(readTree(join(built.output, "system.dtb")));
    await withMachine(fromImageWithTree(built, encode(tree)), async (machine) => {
      await machine.waitFor("two", "messages: two received 100000, wrong 0, events ", 120);
      await machine.waitFor("one", "messages: one sent 100000", 30);
    });
  });
});
