import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { qemuVirt } from "../../boards/index.ts";
import type { DomainInput, PoolInput, SystemInput } from "../../compiler/index.ts";
import { guest } from "./paths.ts";
import type { Files } from "./unchecked.ts";

const MiB = 2 ** 20;

/** Files that the varied systems name. */
export const variedFiles = (): Files => ({
  "hello.gz": gzipSync(readFileSync(guest("hello"))),
  "root.cpio": new TextEncoder().encode(`070701${"0".repeat(4096)}`),
});

/** Numbers from a seed (xorshift32), the same on every machine. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e37_79b1) | 1;
    for (let round = 0; round < 8; round++) this.below(2);
  }

  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }

  of<const T>(values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)] ?? values[0];
  }

  /** True once in so many. */
  one(inSo: number): boolean {
    return this.below(inSo) === 0;
  }
}

/** A sound system, another one for each seed. */
export function variedSystem(seed: number): SystemInput {
  const dice = new Dice(seed);
  const cpus = dice.of([1, 2, 3, 4]);
  const { pools, capacity } = poolsOf(dice, cpus);
  const names = ["ui", "control", "log", "net"].slice(0, 1 + dice.below(4));
  /** Where the next static bank goes: the lower half is left to what has a size. */
  const place = { next: 0x6000_0000 };
  const domains = Object.fromEntries(names.map((name, index) => [name, domainOf(dice, name, index, place, capacity)]));
  const assigned = dice.one(3) ? names[0] : undefined;
  if (assigned !== undefined)
    domains[assigned] = { ...(domains[assigned] as DomainInput), passthrough: ["/pl031@9010000"] };
  return {
    board: qemuVirt({ gic: dice.of([2, 3]), cpus, memory: "1GiB" }),
    ...(dice.one(4) && { hypervisor: { heap: { at: 0x5000_0000, size: "256MiB" } } }),
    cpupools: pools,
    domains,
    ...linksOf(dice, names),
  };
}

/**
 * The same under a table of windows in its pool of one CPU, which the core alone has; undefined for a seed that has no
 * domain there.
 */
export function partitionedSystem(seed: number): SystemInput | undefined {
  const system = variedSystem(seed);
  const apart = system.cpupools?.["apart"];
  const there = Object.entries(system.domains).filter(([, { pool }]) => pool === "apart");
  if (apart === undefined || there.length === 0) return undefined;
  const dice = new Dice(seed);
  const windows = there.flatMap(([domain, { cpus = 1 }]) =>
    Array.from({ length: cpus }, (_, vcpu) => [
      { domain, vcpu, duration: 1000 * (1 + dice.below(10)) },
      ...(dice.one(2) ? [{ duration: 1000 }] : []),
    ]).flat(),
  );
  const used = windows.reduce((sum, { duration }) => sum + duration, 0);
  const schedule = { majorFrame: used + 1000 * dice.below(3), windows };
  return { ...system, cpupools: { ...system.cpupools, apart: { ...apart, scheduler: "arinc653", schedule } } };
}

/** A pool of one CPU, where there are several; and how many vCPUs each pool takes ("": the rest). */
function poolsOf(dice: Dice, cpus: number) {
  const capacity = new Map([["", { left: 8, atMost: Math.min(2, cpus) }]]);
  if (cpus < 2 || dice.one(3)) return { pools: {}, capacity };
  const scheduler = dice.of(["null", "credit", "credit2", "rtds"]);
  const pools: Readonly<Record<string, PoolInput>> = { apart: { cpus: [`cpu${cpus - 1}`], scheduler } };
  capacity.set("apart", { left: scheduler === "null" ? 1 : 2, atMost: 1 });
  capacity.set("", { left: 8, atMost: Math.min(2, cpus - 1) });
  return { pools, capacity };
}

type Capacity = ReturnType<typeof poolsOf>["capacity"];

function domainOf(dice: Dice, name: string, index: number, place: { next: number }, capacity: Capacity): DomainInput {
  const pool = dice.one(2) && (capacity.get("apart")?.left ?? 0) > 0 ? "apart" : "";
  const room = capacity.get(pool);
  const vcpus = 1 + dice.below(room?.atMost ?? 1);
  if (room) room.left -= vcpus;
  return {
    kernel: dice.one(3) ? "hello.gz" : guest("hello"),
    bootargs: `name=${name} seed=${dice.below(1000)}`,
    cpus: vcpus,
    ...memoryOf(dice, place),
    ...(pool !== "" && { pool }),
    ...(dice.one(3) && { ramdisk: "root.cpio" }),
    ...(dice.one(3) && { enhanced: "no-xenstore" as const }),
    // The first one is to be heard.
    ...(index > 0 && dice.one(6) && { console: "none" as const }),
    ...(dice.one(4) && { onCrash: dice.of(["destroy", "preserve", "restart"]) }),
    ...(pool === "" && dice.one(4) && { weight: 1 + dice.below(65_535) }),
  };
}

function memoryOf(dice: Dice, place: { next: number }): Pick<DomainInput, "memory" | "directMap"> {
  if (dice.one(2)) return { memory: (8 + 2 * dice.below(20)) * MiB };
  const memory = Array.from({ length: 1 + dice.below(3) }, () => {
    const size = (8 + 2 * dice.below(8)) * MiB;
    const at = place.next;
    place.next += size + 2 * MiB * dice.below(3);
    return { at, size };
  });
  return { memory, directMap: dice.one(2) };
}

function linksOf(dice: Dice, names: readonly string[]): Pick<SystemInput, "eventChannels" | "sharedMemory"> {
  const [one, other] = names;
  if (one === undefined || other === undefined) return {};
  return {
    ...(dice.one(2) && { eventChannels: [{ from: [one, 1 + dice.below(1023)], to: [other, 1 + dice.below(1023)] }] }),
    ...(dice.one(3) && {
      sharedMemory: { frames: { size: "2MiB", ...(dice.one(2) && { owner: other }), borrowers: [one] } },
    }),
  };
}
