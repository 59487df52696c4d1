import type { Free } from "../base/free.ts";
import { freeOf, without } from "../base/free.ts";
import type { PhysAddr } from "../base/units.ts";
import type { PlacedDomain, PlacedShare, Region } from "../ir/placed.ts";
import type { ResolvedSystem } from "../ir/resolved.ts";
import type { PlacedImage } from "./image.ts";

/** Every claimed range of machine memory with its owner, and what is left of the RAM, sorted by start. */
export function regionsOf(
  system: ResolvedSystem,
  image: PlacedImage,
  domains: readonly PlacedDomain[],
  shares: readonly PlacedShare[],
  free: Free<PhysAddr>,
): readonly Region[] {
  const machine = domains.flatMap(({ banks }) => banks.map((bank) => bank.machine));
  // Domains by size come out of the static heap; what they leave is the hypervisor's.
  const heap = machine.reduce(without<PhysAddr>, freeOf(system.hypervisor.staticHeap));
  const regions: readonly Region[] = [
    ...system.board.reserved.map(({ name, start, size }) => ({
      range: { start, size },
      kind: "reserved" as const,
      owner: name,
    })),
    { range: image.hypervisor, kind: "hypervisor", owner: "hypervisor" },
    { range: image.deviceTree, kind: "device-tree", owner: "device tree" },
    ...image.modules.map(({ domain, kind, at }) => ({
      range: at,
      kind: "module" as const,
      owner: `${domain}/${kind}`,
    })),
    ...heap.map((range) => ({ range, kind: "static-heap" as const, owner: "hypervisor" })),
    ...domains.flatMap(({ resolved, banks }) =>
      banks.map(({ machine }) => ({
        range: machine,
        kind: "domain-memory" as const,
        owner: `domain ${resolved.name}`,
      })),
    ),
    ...shares.map(({ resolved, machine: range }) => ({ range, kind: "shared-memory" as const, owner: resolved.name })),
    ...free.map((range) => ({ range, kind: "free" as const, owner: "" })),
  ];
  return regions.toSorted((a, b) => a.range.start - b.range.start || a.range.size - b.range.size);
}
