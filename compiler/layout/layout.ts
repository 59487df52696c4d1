import type { Free } from "../base/free.ts";
import { freeOf, without } from "../base/free.ts";
import { invariant } from "../base/invariant.ts";
import type { Range } from "../base/ranges.ts";
import { endOf } from "../base/ranges.ts";
import type { PhysAddr } from "../base/units.ts";
import { alignUp, physAddr } from "../base/units.ts";
import { hasErrors } from "../diagnostics/collection.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { PlacedDomain, PlacedSystem } from "../ir/placed.ts";
import { ramOf } from "../ir/placed.ts";
import type { ResolvedSystem } from "../ir/resolved.ts";
import { guestBanks, placeGuest } from "./guest.ts";
import { page, placeImage } from "./image.ts";
import type { Lock, LockFile } from "./lock.ts";
import { emptyLock, readLock, writeLock } from "./lock.ts";
import { placeMemory } from "./memory.ts";
import { placePorts } from "./ports.ts";
import { placePv } from "./pv.ts";
import { regionsOf } from "./regions.ts";
import { placeSharedMemory, viewMoves } from "./shared-memory.ts";

export interface Layout {
  readonly placed: PlacedSystem;
  /** Text of `xenimg.lock.json` that keeps this placement. */
  readonly lock: string;
}

/**
 * LAYOUT: an address for everything. `lockText` is what earlier runs chose, for this system and for others beside it; the
 * same input gives the same output. With `relock` this system is placed anew.
 */
export function layoutSystem(system: ResolvedSystem, lockText: string | undefined, relock = false): Outcome<Layout> {
  const file = lockText === undefined ? { value: new Map<string, Lock>(), diagnostics: [] } : readLock(lockText);
  if (file.value === undefined && !relock) return { diagnostics: file.diagnostics };
  const others: LockFile = file.value ?? new Map<string, Lock>();
  const lock = (relock ? undefined : others.get(system.name)) ?? emptyLock;
  const spare = unclaimed(system);
  const image = placeImage(system, spare, lock);
  if (image.value === undefined) return { diagnostics: image.diagnostics };
  const { placed: parts, lock: chosen } = image.value;
  const { shared, memory } = placeRam(system, without(spare, parts.image), lock);
  const domains = hasErrors(memory.diagnostics)
    ? []
    : system.domains.map((domain, index) => placeDomain(domain, index, memory.machine[index] ?? [], system.target));
  const ports = placePorts(system.eventChannels, lock.ports);
  const pv = placePv(system, lock);
  const found = [image, shared, memory, ...domains, ports].flatMap((each) => each.diagnostics);
  if (hasErrors(found)) return { diagnostics: found };
  const diagnostics = [...found, ...viewMoves(shared, lock.views), ...pv.diagnostics];
  const placedDomains = domains.flatMap(({ value }) => value ?? []);
  const claimed = [
    parts.image,
    ...shared.shares.map(({ machine }) => machine),
    ...placedDomains.flatMap(({ banks }) => banks.map(({ machine }) => machine)),
  ];
  const left = claimed.reduce(without<PhysAddr>, spare);
  const placed: PlacedSystem = {
    resolved: system,
    ...parts,
    domains: placedDomains,
    sharedMemory: shared.shares,
    eventChannels: ports.channels,
    pv: pv.links,
    regions: regionsOf(system, parts, placedDomains, shared.shares, left),
  };
  const next: Lock = { ...chosen, ports: ports.kept, views: shared.kept, ...pv.kept };
  return { value: { placed, lock: writeLock(new Map([...others, [system.name, next]])) }, diagnostics };
}

/** What was kept must not leave gaps that something has no room in: then all of it is placed anew. */
function placeRam(system: ResolvedSystem, spare: Free<PhysAddr>, lock: Lock) {
  const { domains, hypervisor } = system;
  const place = (views: Lock["views"]) => {
    const shared = placeSharedMemory(system, spare, views);
    const memory = placeMemory(domains, hypervisor.staticHeap.length > 0 ? freeOf(hypervisor.staticHeap) : shared.free);
    return { shared, memory, failed: hasErrors([...shared.diagnostics, ...memory.diagnostics]) };
  };
  const kept = place(lock.views);
  return kept.failed && lock.views.size > 0 ? place(new Map()) : kept;
}

/** RAM that neither the board nor the user has given away, in whole pages, as the core counts it. */
function unclaimed(system: ResolvedSystem): Free<PhysAddr> {
  const banks = system.domains.flatMap(({ memory }) => (memory.kind === "static" ? memory.banks : []));
  const shared = system.sharedMemory.flatMap(({ at, size }) => (at === undefined ? [] : [{ start: at, size }]));
  const { staticHeap } = system.hypervisor;
  const claims: readonly Range<PhysAddr>[] = [...system.board.reserved, ...banks, ...shared, ...staticHeap];
  return claims.map(outwards).reduce(without<PhysAddr>, freeOf(system.board.ram.map(inwards)));
}

const pageUp = (at: number): PhysAddr => physAddr(alignUp(at, page));
const pageDown = (at: number): PhysAddr => physAddr(at - (at % page));
const inwards = (range: Range<PhysAddr>): Range<PhysAddr> => {
  const start = pageUp(range.start);
  return { start, size: pageDown(endOf(range)) - start };
};
const outwards = (range: Range<PhysAddr>): Range<PhysAddr> => {
  const start = pageDown(range.start);
  return { start, size: pageUp(endOf(range)) - start };
};

function placeDomain(
  resolved: ResolvedSystem["domains"][number],
  index: number,
  machine: readonly Range<PhysAddr>[],
  target: ResolvedSystem["target"],
): Outcome<PlacedDomain> {
  const banks = guestBanks(resolved, machine);
  const [first] = ramOf({ resolved, banks });
  invariant(first, "memory for every domain");
  const places = placeGuest(resolved, first, target);
  if (places.value === undefined) return { diagnostics: places.diagnostics };
  return { value: { resolved, domid: index + 1, banks, ...places.value }, diagnostics: places.diagnostics };
}
