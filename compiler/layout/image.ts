import type { Free } from "../base/free.ts";
import { aligned, freeOf } from "../base/free.ts";
import type { Range } from "../base/ranges.ts";
import { formatRange } from "../base/ranges.ts";
import type { PhysAddr } from "../base/units.ts";
import { KiB, alignUp, formatSize, hex, physAddr } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Outcome } from "../diagnostics/diagnostic.ts";
import type { PlacedModule, PlacedSystem } from "../ir/placed.ts";
import type { ResolvedSystem } from "../ir/resolved.ts";
import { placeKept } from "./kept.ts";
import type { Lock } from "./lock.ts";
import { block, chooseStart, explainStart } from "./start.ts";

export const page = KiB(4);

export type PlacedImage = Pick<PlacedSystem, "image" | "hypervisor" | "deviceTree" | "modules">;

interface Module {
  readonly key: string;
  readonly module: Omit<PlacedModule, "at">;
  readonly size: number;
}

interface Arrangement {
  readonly modules: readonly Module[];
  readonly offsets: ReadonlyMap<string, number>;
  readonly treeOffset: number;
  readonly size: number;
  readonly start: PhysAddr | undefined;
}

/** One contiguous range: hypervisor with its BSS, device tree window, modules. `free` has room for nothing else yet. */
export function placeImage(
  system: ResolvedSystem,
  free: Free<PhysAddr>,
  lock: Lock,
): Outcome<{ readonly placed: PlacedImage; readonly lock: Pick<Lock, "image" | "loadAddress" | "modules"> }> {
  const modules = modulesOf(system);
  const damaged = beyondAddresses(modules, lock);
  if (damaged) return { diagnostics: [damaged] };
  const kept = arrange(system, modules, free, lock);
  // Places that were kept may leave gaps between modules that no range has room for.
  const chosen = kept.start === undefined ? arrange(system, modules, free, { ...lock, modules: new Map() }) : kept;
  const { start, size, treeOffset, offsets } = chosen;
  if (start === undefined) return { diagnostics: [noPlace(free, size)] };
  const at = (offset: number, length: number): Range<PhysAddr> => ({ start: physAddr(start + offset), size: length });
  const placed: PlacedImage = {
    image: at(0, size),
    hypervisor: at(0, system.hypervisor.image.imageSize),
    deviceTree: at(treeOffset, block),
    modules: modules.map(({ key, module, size: length }) => ({ ...module, at: at(offsets.get(key) ?? 0, length) })),
  };
  const { loadAddress } = system.board.profile;
  return {
    value: { placed, lock: { image: start, loadAddress, modules: offsets } },
    diagnostics: [...explainStart(free, { start, size }, lock, loadAddress), ...moves(lock, offsets)],
  };
}

function arrange(system: ResolvedSystem, modules: readonly Module[], free: Free<PhysAddr>, lock: Lock): Arrangement {
  const treeOffset = alignUp(system.hypervisor.image.imageSize, block);
  const offsets = placeModules(modules, treeOffset + block, lock);
  const ends = modules.map(({ key, size }) => (offsets.get(key) ?? 0) + size);
  const size = alignUp(Math.max(treeOffset + block, ...ends), page);
  const start = chooseStart(free, size, lock, system.board.profile.loadAddress);
  return { modules, offsets, treeOffset, size, start };
}

/** Machine addresses have 48 bits: nobody chose what is beyond, the file is damaged. A smaller one may give way. */
const addresses = 2 ** 48;

function beyondAddresses(modules: readonly Module[], lock: Lock): Diagnostic | undefined {
  const found = modules.find(({ key }) => (lock.modules.get(key) ?? 0) > addresses);
  if (found === undefined) return undefined;
  const offset = hex(lock.modules.get(found.key) ?? 0);
  return diagnose("XI2101", { reason: `the offset ${offset} of "${found.key}" is beyond 48 bits` });
}

/** In the order in which the device tree names them. */
function modulesOf({ hypervisor: { xsmPolicy }, domains }: ResolvedSystem): readonly Module[] {
  const files: readonly Module["module"][] = [
    ...(xsmPolicy ? [{ domain: "hypervisor", kind: "xsm-policy", file: xsmPolicy } as const] : []),
    ...domains.flatMap(({ name, kernel, ramdisk, passthrough }) => [
      { domain: name, kind: "kernel", file: kernel.file } as const,
      ...(ramdisk ? [{ domain: name, kind: "ramdisk", file: ramdisk } as const] : []),
      ...(passthrough ? [{ domain: name, kind: "passthrough", file: passthrough.file } as const] : []),
    ]),
  ];
  return files.map((module) => ({ key: `${module.domain}/${module.kind}`, module, size: module.file.bytes.length }));
}

/** In the order of the domains, whatever was locked: outputs follow it. */
function placeModules(modules: readonly Module[], first: number, lock: Lock): ReadonlyMap<string, number> {
  const wishes = modules.map(({ key, size }) => ({ key, size, align: block, last: lock.modules.get(key) }));
  const { places } = placeKept(freeOf([{ start: first, size: 2 ** 52 }]), wishes);
  return new Map(modules.map(({ key }) => [key, places.get(key) ?? 0]));
}

function noPlace(free: Free<PhysAddr>, size: number): Diagnostic {
  const ranges = aligned(free, block).map(formatRange).join(", ") || "none";
  return diagnose("XI5001", { size: formatSize(size), ranges }, { primary: { path: ["domains"], at: "key" } });
}

/** What the lock file could not keep. */
function moves(lock: Lock, offsets: ReadonlyMap<string, number>): readonly Diagnostic[] {
  const moved: Diagnostic[] = [];
  for (const [key, from] of lock.modules) {
    const [domain = "", kind = ""] = key.split("/");
    const to = offsets.get(key);
    if (to === undefined) moved.push(diagnose("XI5102", { what: key }, { primary: { path: ["domains"], at: "key" } }));
    else if (to !== from)
      moved.push(
        diagnose(
          "XI5101",
          { what: `${key} in the image`, from: `offset ${hex(from)}`, to: `offset ${hex(to)}` },
          { primary: { path: domain === "hypervisor" ? ["hypervisor", "xsmPolicy"] : ["domains", domain, kind] } },
        ),
      );
  }
  return moved;
}
