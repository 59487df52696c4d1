import type { Range } from "../base/ranges.ts";
import type { PhysAddr } from "../base/units.ts";
import type { ConfigPath } from "../diagnostics/diagnostic.ts";
import type { ResolvedDomain, ResolvedSystem } from "../ir/resolved.ts";

/** A piece of machine memory that the user or the board placed by hand. */
export interface Claim {
  /** As messages name it: `static bank 0 of "ui"`. */
  readonly what: string;
  readonly range: Range<PhysAddr>;
  /** Where the config says so; absent for what the board's device tree reserves. */
  readonly path?: ConfigPath;
}

/** A region `{ at, size }` that the user wrote. */
export type WrittenClaim = Claim & { readonly path: ConfigPath };

export function domainPath(domain: ResolvedDomain, ...rest: readonly (string | number)[]): ConfigPath {
  return ["domains", domain.name, ...rest];
}

/** What decides over the first bank: one of the list, or the size. */
export const firstBankPath = (domain: ResolvedDomain): ConfigPath =>
  domain.memory.kind === "static" ? domainPath(domain, "memory", 0) : domainPath(domain, "memory");

export const heapPath: ConfigPath = ["hypervisor", "heap"];

export function staticBanks(domain: ResolvedDomain): readonly WrittenClaim[] {
  if (domain.memory.kind === "sized") return [];
  return domain.memory.banks.map((range, index) => ({
    what: `static bank ${index} of "${domain.name}"`,
    range,
    path: domainPath(domain, "memory", index),
  }));
}

export function heapClaims({ hypervisor: { staticHeap } }: ResolvedSystem): readonly WrittenClaim[] {
  // One region is as a rule written without a list around it.
  const pathOf = (index: number): ConfigPath => (staticHeap.length > 1 ? [...heapPath, index] : heapPath);
  return staticHeap.map((range, index) => ({ what: "the static heap", range, path: pathOf(index) }));
}

/** Shared memory with a machine address of its own. */
function sharedMemoryClaims(system: ResolvedSystem): readonly WrittenClaim[] {
  return system.sharedMemory.flatMap(({ name, at, size }) =>
    at === undefined
      ? []
      : [{ what: `shared memory "${name}"`, range: { start: at, size }, path: ["sharedMemory", name, "at"] }],
  );
}

/** What the configuration places by hand. */
export const placedByHand = (system: ResolvedSystem): readonly WrittenClaim[] => [
  ...system.domains.flatMap(staticBanks),
  ...heapClaims(system),
  ...sharedMemoryClaims(system),
];

/** Everything that has a fixed place before LAYOUT: static banks, static heap, shared memory, reserved memory. */
export function fixedClaims(system: ResolvedSystem): readonly Claim[] {
  return [
    ...placedByHand(system),
    ...system.board.reserved.map((range) => ({ what: `reserved memory "${range.name}"`, range })),
  ];
}

/** The hypervisor itself and the device tree are boot modules too. */
export const ownModules = 2;

/** Where the configuration names each further boot module. */
export const modulesOf = ({ hypervisor, domains }: ResolvedSystem): readonly ConfigPath[] => [
  ...(hypervisor.xsmPolicy ? [["hypervisor", "xsmPolicy"]] : []),
  ...domains.flatMap((domain) => [
    domainPath(domain, "kernel"),
    ...(domain.ramdisk ? [domainPath(domain, "ramdisk")] : []),
    ...(domain.passthrough ? [domainPath(domain, "passthrough")] : []),
  ]),
];
