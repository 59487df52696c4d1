import type { Free } from "../base/free.ts";
import { aligned, freeOf, without } from "../base/free.ts";
import { formatRange } from "../base/ranges.ts";
import type { GuestAddr, PhysAddr } from "../base/units.ts";
import { formatSize, guestAddr, hex } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { guestMap } from "../ir/guest-map.ts";
import type { PlacedShare } from "../ir/placed.ts";
import type { ResolvedDomain, ResolvedSystem, SharedMemory } from "../ir/resolved.ts";
import { viewersOf, writtenAt } from "../ir/shared-memory.ts";
import { page } from "./image.ts";
import { placeKept } from "./kept.ts";
import { block } from "./start.ts";

export interface PlacedShares {
  readonly shares: readonly PlacedShare[];
  readonly free: Free<PhysAddr>;
  /** For the lock file: guest addresses that nobody wrote, by "name/domain". */
  readonly kept: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Where shared memory lies in the machine, and where each domain sees it: at the guest addresses of last time, else in
 * the order of the text, lowest first. What the user wrote is in nobody's way.
 */
export function placeSharedMemory(
  { sharedMemory, domains }: ResolvedSystem,
  spare: Free<PhysAddr>,
  locked: ReadonlyMap<string, number>,
): PlacedShares {
  const machine = placeInMachine(sharedMemory, domains, spare, locked);
  const placed = sharedMemory.flatMap((share) => {
    const start = share.at ?? machine.places.get(share.name);
    return start === undefined ? [] : [{ share, start }];
  });
  const views = new Map(domains.map((domain) => [domain.name, placeInGuest(placed, domain, locked)]));
  const shares = placed.map(({ share, start }): PlacedShare => ({
    resolved: share,
    machine: { start, size: share.size },
    views: domains.flatMap(({ name }) => {
      const at = views.get(name)?.places.get(share.name);
      return at === undefined ? [] : [{ domain: name, at: { start: at, size: share.size } }];
    }),
  }));
  const diagnostics = [
    ...sharedMemory
      .filter((share) => !placed.some((each) => each.share === share))
      .map((share) => noPlace(share, "RAM", machine.free)),
    ...domains.flatMap(({ name }) => views.get(name)?.diagnostics ?? []),
  ];
  return { shares, free: machine.free, kept: keptOf(shares, domains), diagnostics };
}

/** A direct-mapped domain's guest address is the machine's: that one is kept. */
function placeInMachine(
  shares: readonly SharedMemory[],
  domains: readonly ResolvedDomain[],
  spare: Free<PhysAddr>,
  locked: ReadonlyMap<string, number>,
) {
  const direct = domains.filter(({ directMap }) => directMap);
  const wishes = shares
    .filter(({ at }) => at === undefined)
    .map((share) => {
      const known = direct
        .filter((domain) => sees(domain, share) && writtenAt(share, domain.name) === undefined)
        .map((domain) => locked.get(key(share, domain)));
      const last = known.find((at) => at !== undefined);
      return { key: share.name, size: share.size, align: grid(share), last };
    });
  return placeKept(spare, wishes);
}

interface Views {
  /** By the name of the shared memory. */
  readonly places: ReadonlyMap<string, GuestAddr>;
  readonly diagnostics: readonly Diagnostic[];
}

function placeInGuest(
  placed: readonly { readonly share: SharedMemory; readonly start: PhysAddr }[],
  domain: ResolvedDomain,
  locked: ReadonlyMap<string, number>,
): Views {
  const seen = placed
    .filter(({ share }) => sees(domain, share))
    .map(({ share, start }) => ({
      share,
      at: writtenAt(share, domain.name) ?? (domain.directMap ? start : undefined),
    }));
  const written = seen.flatMap(({ share, at }) => (at === undefined ? [] : [{ share, at: guestAddr(at) }]));
  const window = written
    .map(({ share: { size }, at }) => ({ start: at, size }))
    .reduce(without<GuestAddr>, freeOf([guestMap.sharedMemory]));
  const open = seen.filter(({ at }) => at === undefined).map(({ share }) => share);
  const { places, free } = placeKept(
    window,
    open.map((share) => ({
      key: share.name,
      size: share.size,
      align: grid(share),
      last: locked.get(key(share, domain)),
    })),
  );
  return {
    places: new Map([...places, ...written.map(({ share, at }) => [share.name, at] as const)]),
    diagnostics: open
      .filter(({ name }) => !places.has(name))
      .map((share) => noPlace(share, `the guest addresses of "${domain.name}"`, free)),
  };
}

const sees = ({ name }: ResolvedDomain, share: SharedMemory): boolean => viewersOf(share).includes(name);

/** In the lock file. */
const key = ({ name }: SharedMemory, domain: { readonly name: string }): string => `${name}/${domain.name}`;

/** Blocks where they fit: one entry of stage 2 maps 2 MiB. */
const grid = ({ size }: SharedMemory): number => (size >= block ? block : page);

function keptOf(shares: readonly PlacedShare[], domains: readonly ResolvedDomain[]): ReadonlyMap<string, number> {
  const direct = new Set(domains.filter(({ directMap }) => directMap).map(({ name }) => name));
  return new Map(
    shares.flatMap(({ resolved, views }) =>
      views
        .filter(({ domain }) => writtenAt(resolved, domain) === undefined)
        .filter(({ domain }) => resolved.at === undefined || !direct.has(domain))
        .map(({ domain, at }) => [key(resolved, { name: domain }), at.start] as const),
    ),
  );
}

/** What the lock file could not keep. Where the user has written an address by now, nothing is to be said. */
export function viewMoves(
  { shares, kept }: Pick<PlacedShares, "shares" | "kept">,
  locked: ReadonlyMap<string, number>,
): readonly Diagnostic[] {
  const seen = new Set(
    shares.flatMap(({ resolved, views }) => views.map(({ domain }) => key(resolved, { name: domain }))),
  );
  return [...locked].flatMap(([what, from]) => {
    const [name = ""] = what.split("/");
    const to = kept.get(what);
    if (to === from || (to === undefined && seen.has(what))) return [];
    if (to === undefined)
      return [
        diagnose("XI5102", { what: `shared memory ${what}` }, { primary: { path: ["sharedMemory"], at: "key" } }),
      ];
    const params = { what: `shared memory ${what}`, from: hex(from), to: hex(to) };
    return [diagnose("XI5101", params, { primary: { path: ["sharedMemory", name] } })];
  });
}

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
