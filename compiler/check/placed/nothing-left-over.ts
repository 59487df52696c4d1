import type { Free } from "../../base/free.ts";
import { freeOf, without } from "../../base/free.ts";
import type { Range } from "../../base/ranges.ts";
import { endOf, formatRange } from "../../base/ranges.ts";
import type { PhysAddr } from "../../base/units.ts";
import { KiB, formatSize, physAddr } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Label } from "../../diagnostics/diagnostic.ts";
import type { PlacedSystem } from "../../ir/placed.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { hypervisorOwn, ownPieces, commonPieces } from "../budget.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4311: without a static heap, the hypervisor's own structures come from what everybody else leaves (row C8). */
export const nothingLeftOver: Rule<PlacedSystem> = {
  name: "nothing-left-over",
  *check(placed) {
    const system = placed.resolved;
    if (system.hypervisor.staticHeap.length > 0) return;
    const free = leftOver(placed);
    const pieces = [...system.domains.flatMap((domain) => ownPieces(domain, system)), ...commonPieces(system)];
    const need = sum(pieces) + hypervisorOwn(system.target, sum(system.board.ram.map(({ size }) => size)));
    const left = sum(free.map(({ size }) => size));
    // The core takes each of them whole, from the top; upstream page by page.
    if (left >= need && (system.target.hypervisor === "xen" || fitWhole(free, pieces))) return;
    const params = {
      need: formatSize(need),
      left: formatSize(left - (left % KiB(1))),
      ranges: free.map(formatRange).join(", ") || "none",
    };
    yield diagnose("XI4311", params, { primary: placeOf(system) });
  },
};

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);

/** Upstream sets aside the files that were loaded, the core all of the image's range. */
function leftOver({ regions, image, hypervisor, modules, resolved }: PlacedSystem): Free<PhysAddr> {
  const free = regions.filter(({ kind }) => kind === "free").map(({ range }) => range);
  if (resolved.target.hypervisor === "core") return freeOf(free);
  return [hypervisor, ...modules.map(({ at }) => at)].reduce(without<PhysAddr>, freeOf([...free, image]));
}

function fitWhole(free: Free<PhysAddr>, pieces: readonly number[]): boolean {
  let left = free;
  for (const size of pieces) {
    const range = left.findLast((each) => each.size >= size);
    if (range === undefined) return false;
    const taken: Range<PhysAddr> = { start: physAddr(endOf(range) - size), size };
    left = without(left, taken);
  }
  return true;
}

/** The last domain that takes what is left. */
function placeOf({ domains }: ResolvedSystem): Label {
  const last = domains.findLast(({ memory }) => memory.kind === "sized");
  return last ? { path: domainPath(last, "memory") } : { path: ["domains"], at: "key" };
}
