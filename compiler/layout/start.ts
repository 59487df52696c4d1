import type { Free } from "../base/free.ts";
import { aligned, lowestFit } from "../base/free.ts";
import { contains, formatRange } from "../base/ranges.ts";
import type { PhysAddr } from "../base/units.ts";
import { MiB, formatSize, hex, isAligned, physAddr } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Lock } from "./lock.ts";

/** Granule of everything that is loaded: an arm64 Image and Xen's device tree mapping both begin on 2 MiB. */
export const block = MiB(2);

/**
 * Where the image begins: where it was, else where the board's loader puts an image by itself, else at the lowest
 * place. A load address that is not the one of last time is the user's word and comes first.
 */
export function chooseStart(free: Free<PhysAddr>, size: number, lock: Lock, loadAddress: number): PhysAddr | undefined {
  const wishes = isNew(lock, loadAddress) ? [loadAddress, lock.image] : [lock.image, loadAddress];
  const fits = (start: number | undefined): start is number =>
    start !== undefined && isAligned(start, block) && free.some((range) => contains(range, { start, size }));
  const wish = wishes.find(fits);
  return wish === undefined ? lowestFit(free, size, block)?.start : physAddr(wish);
}

/** Lock files of before have no load address: the image's own place says best what it was. */
const isNew = (lock: Lock, loadAddress: number): boolean => (lock.loadAddress ?? lock.image) !== loadAddress;

/** What neither the lock file nor the board could keep. */
export function explainStart(
  free: Free<PhysAddr>,
  { start, size }: { readonly start: PhysAddr; readonly size: number },
  lock: Lock,
  loadAddress: number,
): readonly Diagnostic[] {
  const told: Diagnostic[] = [];
  const from = lock.image;
  const primary = { path: ["board", "loadAddress"] };
  const obeyed = isNew(lock, loadAddress) && start === loadAddress;
  if (from !== undefined && from !== start) {
    const move = { from: hex(from), to: hex(start) };
    told.push(obeyed ? diagnose("XI5103", move, { primary }) : diagnose("XI5101", { what: "the image", ...move }));
  }
  if (isNew(lock, loadAddress) && !obeyed) {
    const ranges = aligned(free, block).map(formatRange).join(", ");
    const params = { wanted: hex(loadAddress), start: hex(start), size: formatSize(size), ranges };
    told.push(diagnose("XI5104", params, { primary }));
  }
  return told;
}
