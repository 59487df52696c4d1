import type { Free } from "../base/free.ts";
import { lowestFit, without } from "../base/free.ts";
import type { Range } from "../base/ranges.ts";
import { contains } from "../base/ranges.ts";
import { isAligned } from "../base/units.ts";

/** Something that wants `size` bytes at a multiple of `align`; `last` is where it was, by the lock file. */
export interface Wish {
  readonly key: string;
  readonly size: number;
  readonly align: number;
  readonly last?: number | undefined;
}

export interface Kept<A extends number> {
  /** By key; what has found no place is not there. */
  readonly places: ReadonlyMap<string, A>;
  readonly free: Free<A>;
}

/** Old places first, as far as they still do; then the others, each at the lowest place that is left. */
export function placeKept<A extends number>(space: Free<A>, wishes: readonly Wish[]): Kept<A> {
  let free = space;
  const places = new Map<string, A>();
  const take = (key: string, range: Range<A> | undefined): void => {
    if (range === undefined) return;
    places.set(key, range.start);
    free = without(free, range);
  };
  const old = wishes.flatMap(({ key, size, align, last }) =>
    last !== undefined && isAligned(last, align) ? [{ key, range: { start: last as A, size } }] : [],
  );
  // From the back, so that one that has grown into its neighbour is the one to move.
  for (const { key, range } of old.sort((a, b) => b.range.start - a.range.start))
    take(key, free.find((each) => contains(each, range)) && range);
  for (const { key, size, align } of wishes) if (!places.has(key)) take(key, lowestFit(free, size, align));
  return { places, free };
}
