import type { Range } from "../../base/ranges.ts";
import { contains, endOf, joined } from "../../base/ranges.ts";
import type { PhysAddr } from "../../base/units.ts";
import { MiB, alignUp } from "../../base/units.ts";
import { loaderIn } from "../../ir/loader.ts";
import type { PlacedSystem } from "../../ir/placed.ts";

/** ImageBuilder puts each file at the next multiple of this, behind room for its own script. */
const step = MiB(2);
/** No file is loaded below. */
const lowest = MiB(12);
/** What the script adds to the device tree, at most. */
const growth = MiB(1);

/** A stretch of RAM, [start, end), and what has to fit in. */
export interface LoadWindow {
  readonly found?: { readonly start: number; readonly end: number };
  /** Bytes of all files, each in whole steps. */
  readonly needed: number;
}

/**
 * RAM that ImageBuilder may load everything to: nobody has a piece of it by address. It begins where the board's loader
 * likes images, if that will do.
 */
export function loadWindow(placed: PlacedSystem): LoadWindow {
  const { hypervisor, board } = placed.resolved;
  const files = [
    hypervisor.image.imageSize,
    board.deviceTree.length + growth,
    ...placed.modules.map(({ at }) => at.size),
  ];
  const needed = files.reduce((sum, size) => sum + alignUp(size, step), 0);
  const free = freeRanges(board.ram, taken(placed));
  const usual = board.profile.loadAddress;
  const windows = [
    ...free
      .filter((range) => contains(range, { start: usual, size: 1 }))
      .map((range) => ({ start: usual, end: endOf(range) })),
    ...free.map((range) => ({ start: alignUp(range.start, step), end: endOf(range) })),
  ];
  const found = windows.find(({ start, end }) => Math.max(start + step, lowest) + needed <= end);
  return { needed, ...(found && { found }) };
}

/** Machine memory that is spoken for by address, and what U-Boot, which runs ImageBuilder's script, is in itself. */
function taken({ resolved: { board, hypervisor, domains, sharedMemory } }: PlacedSystem): readonly Range<number>[] {
  return [
    ...board.reserved,
    ...joined(board.ram).flatMap((bank) => loaderIn(bank) ?? []),
    ...hypervisor.staticHeap,
    ...domains.flatMap(({ memory }) => (memory.kind === "static" ? memory.banks : [])),
    ...sharedMemory.flatMap(({ at, size }) => (at === undefined ? [] : [{ start: at, size }])),
  ];
}

function freeRanges(ram: readonly Range<PhysAddr>[], used: readonly Range<number>[]): readonly Range<number>[] {
  const sorted = [...used].sort((a, b) => a.start - b.start);
  return ram.flatMap((range) => {
    const free: Range<number>[] = [];
    let start: number = range.start;
    for (const other of sorted) {
      if (endOf(other) <= start || other.start >= endOf(range)) continue;
      if (other.start > start) free.push({ start, size: other.start - start });
      start = endOf(other);
    }
    return start < endOf(range) ? [...free, { start, size: endOf(range) - start }] : free;
  });
}
