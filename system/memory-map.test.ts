import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import { guest } from "./testing/paths.ts";
import { build, fromImage } from "./testing/systems.ts";
import type { SystemRequest } from "./testing/systems.ts";

const hello = (memory: SystemRequest["system"]["domains"][string]["memory"]) => ({ kernel: guest("hello"), memory });
const bank = (at: number, size: number) => ({ at, size });
const MiB = 1024 * 1024;

const systems: readonly [string, SystemRequest][] = [
  [
    "sizes between static banks",
    {
      board: { cpus: 2, memory: "1GiB" },
      system: {
        domains: {
          first: hello("300MiB"),
          banks: hello([bank(0x5000_0000, 32 * MiB), bank(0x6000_0000, 64 * MiB)]),
          // Fits into no gap: two pieces.
          second: hello("400MiB"),
          third: hello("6MiB"),
        },
      },
    },
  ],
  [
    "a static heap",
    {
      board: { cpus: 2, memory: "1GiB" },
      system: {
        hypervisor: { heap: [bank(0x6000_0000, 128 * MiB), bank(0x7000_0000, 64 * MiB)] },
        domains: { first: hello("100MiB"), second: hello("48MiB") },
      },
    },
  ],
  [
    "more than 3 GiB",
    { board: { cpus: 2, memory: "8GiB" }, system: { domains: { large: hello("3136MiB"), small: hello("64MiB") } } },
  ],
];

describe("map.txt says where the core puts guests' memory", () => {
  it.each(systems)("with %s", async (name, request) => {
    const built = await build(name.replaceAll(" ", "-"), request);
    const predicted = predictions(readFileSync(join(built.output, "map.txt"), "utf8"));
    await withMachine(fromImage(built), async (machine) => {
      await machine.waitFor("hypervisor", "*** Serial input to", 60);
      expect(placements(machine.saidBy("hypervisor"))).toEqual(predicted);
    });
  });
});

/** "d1 bank 0x40000000-0x50000000 at 0x80000000", "d1 kernel 0x40000000-0x42010000", "d1 tree 0x48000000". */
function predictions(map: string): string[] {
  return map
    .split(/^Domain /m)
    .slice(1)
    .flatMap((section) => {
      const id = `d${parseInt(section, 10)}`;
      const banks = [...section.matchAll(/^ +(0x\w+) +(0x\w+) .* (0x\w+)$/gm)];
      const kernel = /kernel at \[(0x\w+), (0x\w+)\)/.exec(section);
      const tree = /device tree at \[(0x\w+),/.exec(section);
      return [
        ...banks.map(([, start, end, at]) => `${id} bank ${range(start, end)} at ${plain(at)}`),
        `${id} kernel ${range(kernel?.[1], kernel?.[2])}`,
        `${id} tree ${plain(tree?.[1])}`,
      ];
    });
}

function placements(log: readonly string[]): string[] {
  return log.flatMap((line) => {
    const bankLine = /^(d\d+) BANK\[\d+\] (0x\w+)-(0x\w+) \(.*\) at (0x\w+)$/.exec(line);
    if (bankLine) return `${bankLine[1] ?? ""} bank ${range(bankLine[2], bankLine[3])} at ${plain(bankLine[4])}`;
    const kernel = /^Loading (d\d+) kernel from \S+ to (0x\w+)-(0x\w+)$/.exec(line);
    if (kernel) return `${kernel[1] ?? ""} kernel ${range(kernel[2], kernel[3])}`;
    const tree = /^Loading (d\d+) DTB to (0x\w+)-/.exec(line);
    return tree ? `${tree[1] ?? ""} tree ${plain(tree[2])}` : [];
  });
}

const plain = (address: string | undefined): string => `0x${BigInt(address ?? "0x0").toString(16)}`;
const range = (start: string | undefined, end: string | undefined): string => `${plain(start)}-${plain(end)}`;
