import { describe, expect, it } from "vitest";
import type { MachineRequest } from "./testing/machine.ts";
import { withMachine } from "./testing/machine.ts";
import { core, guest } from "./testing/paths.ts";
import type { BuiltSystem, SystemRequest } from "./testing/systems.ts";
import { build, fromFiles, fromImage } from "./testing/systems.ts";
import { onUpstreamXen, watchable } from "./testing/upstream.ts";

const abis = ["2level", "fifo"] as const;
type Abi = (typeof abis)[number];

/** Two domains with a channel between them; with shared memory, where messages go through it. */
function pair(abi: Abi, count: number, shared: boolean, gic: 2 | 3 = 3): SystemRequest {
  const end = (name: string, role: string, port: number) => ({
    kernel: guest("messages"),
    bootargs: `name=${name} role=${role} port=${port} abi=${abi} count=${count}`,
    memory: "32MiB",
  });
  return {
    board: { gic, cpus: 2, memory: "1GiB" },
    system: {
      domains: { one: end("one", "send", 10), two: end("two", "receive", 11) },
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
