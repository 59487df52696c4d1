import type { Free } from "../base/free.ts";
import { aligned, freeOf, lowestFit, without } from "../base/free.ts";
import type { Range } from "../base/ranges.ts";
import { contains, formatRange } from "../base/ranges.ts";
import type { PhysAddr } from "../base/units.ts";
import { KiB, MiB, alignUp, formatSize, hex, isAligned, physAddr } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Outcome } from "../diagnostics/diagnostic.ts";
import type { PlacedModule, PlacedSystem } from "../ir/placed.ts";
import type { ResolvedSystem } from "../ir/resolved.ts";
import type { Lock } from "./lock.ts";

/** Granule of everything that is loaded: an arm64 Image and Xen's device tree mapping both begin on 2 MiB. */
export const block = MiB(2);
export const page = KiB(4);

export type PlacedImage = Pick<PlacedSystem, "image" | "hypervisor" | "deviceTree" | "modules">;

interface Module {
  readonly key: string;
  readonly module: Omit<PlacedModule, "at">;
  readonly size: number;
}

/** One contiguous range: hypervisor with its BSS, device tree window, modules. `free` has room for nothing else yet. */
export function placeImage(
  system: ResolvedSystem,
  free: Free<PhysAddr>,
  lock: Lock,
): Outcome<{ readonly placed: PlacedImage; readonly lock: Lock }> {
  const modules = modulesOf(system);
  const treeOffset = alignUp(system.hypervisor.image.imageSize, block);
  const offsets = placeModules(modules, treeOffset + block, lock);
  const ends = modules.map(({ key, size }) => (offsets.get(key) ?? 0) + size);
  const size = alignUp(Math.max(treeOffset + block, ...ends), page);
  const start = placeStart(system, free, size, lock);
  if (start === undefined) return { diagnostics: [noPlace(free, size)] };
  const at = (offset: number, length: number): Range<PhysAddr> => ({ start: physAddr(start + offset), size: length });
  const placed: PlacedImage = {
    image: at(0, size),
    hypervisor: at(0, system.hypervisor.image.imageSize),
    deviceTree: at(treeOffset, block),
    modules: modules.map(({ key, module, size: length }) => ({ ...module, at: at(offsets.get(key) ?? 0, length) })),
  };
  return { value: { placed, lock: { image: start, modules: offsets } }, diagnostics: moves(lock, start, offsets) };
}

const modulesOf = (system: ResolvedSystem): readonly Module[] =>
  system.domains.flatMap(({ name, kernel, ramdisk }) => {
    const files = [
      { domain: name, kind: "kernel", file: kernel.file } as const,
      ...(ramdisk ? [{ domain: name, kind: "ramdisk", file: ramdisk } as const] : []),
    ];
    return files.map((module) => ({ key: `${name}/${module.kind}`, module, size: module.file.bytes.length }));
  });

/** Locked offsets first, as far as they still fit; then the others, each at the lowest place that is left. */
function placeModules(modules: readonly Module[], first: number, lock: Lock): ReadonlyMap<string, number> {
  let free = freeOf([{ start: first, size: 2 ** 52 }]);
  const offsets = new Map<string, number>();
  const take = (key: string, range: Range<number>): void => {
    offsets.set(key, range.start);
    free = without(free, range);
  };
  const locked = modules.flatMap(({ key, size }) => {
    const start = lock.modules.get(key);
    return start !== undefined && isAligned(start, block) ? [{ key, range: { start, size } }] : [];
  });
  // From the back, so that one that has grown into its neighbour is the one to move.
  for (const { key, range } of locked.sort((a, b) => b.range.start - a.range.start))
    if (free.some((each) => contains(each, range))) take(key, range);
  for (const { key, size } of modules) {
    const range = offsets.has(key) ? undefined : lowestFit(free, size, block);
    if (range) take(key, range);
  }
  // In the order of the domains, whatever was locked: outputs follow it.
  return new Map(modules.map(({ key }) => [key, offsets.get(key) ?? 0]));
}

/** Where it was, else where the board's loader puts an image by itself, else the lowest place. */
function placeStart(system: ResolvedSystem, free: Free<PhysAddr>, size: number, lock: Lock): PhysAddr | undefined {
  const wishes = [lock.image, system.board.profile.loadAddress];
  const fits = (start: number | undefined): start is number =>
    start !== undefined && isAligned(start, block) && free.some((range) => contains(range, { start, size }));
  const wish = wishes.find(fits);
  return wish === undefined ? lowestFit(free, size, block)?.start : physAddr(wish);
}

function noPlace(free: Free<PhysAddr>, size: number): Diagnostic {
  const ranges = aligned(free, block).map(formatRange).join(", ") || "none";
  return diagnose("XI5001", { size: formatSize(size), ranges }, { primary: { path: ["domains"], at: "key" } });
}

/** What the lock file could not keep. */
function moves(lock: Lock, start: PhysAddr, offsets: ReadonlyMap<string, number>): readonly Diagnostic[] {
  const moved: Diagnostic[] = [];
  if (lock.image !== undefined && lock.image !== start)
    moved.push(diagnose("XI5101", { what: "the image", from: hex(lock.image), to: hex(start) }));
  for (const [key, from] of lock.modules) {
    const [domain = "", kind = ""] = key.split("/");
    const to = offsets.get(key);
    if (to === undefined) moved.push(diagnose("XI5102", { what: key }, { primary: { path: ["domains"], at: "key" } }));
    else if (to !== from)
      moved.push(
        diagnose(
          "XI5101",
          { what: `${key} in the image`, from: `offset ${hex(from)}`, to: `offset ${hex(to)}` },
          { primary: { path: ["domains", domain, kind] } },
        ),
      );
  }
  return moved;
}
