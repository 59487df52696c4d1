import type { Free } from "../base/free.ts";
import { aligned, freeOf, lowestFit, without } from "../base/free.ts";
import type { Range } from "../base/ranges.ts";
import { formatRange } from "../base/ranges.ts";
import type { GuestAddr, PhysAddr } from "../base/units.ts";
import { formatSize, guestAddr } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { guestMap } from "../ir/guest-map.ts";
import type { PlacedShare } from "../ir/placed.ts";
import type { ResolvedDomain, ResolvedSystem, SharedMemory } from "../ir/resolved.ts";
import { page } from "./image.ts";
import { block } from "./start.ts";

export interface PlacedShares {
  readonly shares: readonly PlacedShare[];
  readonly free: Free<PhysAddr>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Where shared memory lies in the machine, and where each domain sees it: in the order of the text, lowest first. */
export function placeSharedMemory({ sharedMemory, domains }: ResolvedSystem, spare: Free<PhysAddr>): PlacedShares {
  const diagnostics: Diagnostic[] = [];
  const shares: PlacedShare[] = [];
  const windows = new Map(domains.map(({ name }) => [name, freeOf([guestMap.sharedMemory])]));
  let free = spare;
  for (const share of sharedMemory) {
    const machine =
      share.at === undefined ? lowestFit(free, share.size, grid(share)) : { start: share.at, size: share.size };
    if (machine === undefined) {
      diagnostics.push(noPlace(share, "RAM", free));
      continue;
    }
    free = without(free, machine);
    const views = domains.flatMap((domain) => {
      const sees = domain.name === share.owner || share.borrowers.includes(domain.name);
      const window = windows.get(domain.name) ?? [];
      const at = sees ? (chosen(share, domain, machine) ?? lowestFit(window, share.size, grid(share))) : undefined;
      if (sees && at === undefined) diagnostics.push(noPlace(share, `the guest addresses of "${domain.name}"`, window));
      if (at !== undefined) windows.set(domain.name, without(window, at));
      return at === undefined ? [] : [{ domain: domain.name, at }];
    });
    shares.push({ resolved: share, machine, views });
  }
  return { shares, free, diagnostics };
}

/** What the user, or the direct map, has decided already. */
function chosen({ guestAt, size }: SharedMemory, domain: ResolvedDomain, machine: Range<PhysAddr>) {
  const start = guestAt ?? (domain.directMap ? machine.start : undefined);
  return start === undefined ? undefined : ({ start: guestAddr(start), size } satisfies Range<GuestAddr>);
}

/** Blocks where they fit: one entry of stage 2 maps 2 MiB. */
const grid = ({ size }: SharedMemory): number => (size >= block ? block : page);

const noPlace = (share: SharedMemory, where: string, free: Free<PhysAddr> | Free<GuestAddr>): Diagnostic =>
  diagnose(
    "XI5010",
    {
      name: share.name,
      size: formatSize(share.size),
      where,
      ranges: aligned<number>(free, page).map(formatRange).join(", ") || "none",
    },
    { primary: { path: ["sharedMemory", share.name, "size"] } },
  );
