import type { Range } from "./ranges.ts";
import { endOf } from "./ranges.ts";
import { alignUp } from "./units.ts";

/** Ranges that nobody has claimed: sorted, disjoint, none empty. */
export type Free<A extends number> = readonly Range<A>[];

/** Sorts and merges ranges that may touch or overlap. */
export function freeOf<A extends number>(ranges: readonly Range<A>[]): Free<A> {
  const merged: Range<A>[] = [];
  for (const range of ranges.filter(({ size }) => size > 0).sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || endOf(last) < range.start) merged.push(range);
    else merged[merged.length - 1] = spanning(last.start, Math.max(endOf(last), endOf(range)));
  }
  return merged;
}

/** What is left when `taken` is cut out, wherever the two overlap. */
export const without = <A extends number>(free: Free<A>, taken: Range<A>): Free<A> =>
  taken.size === 0
    ? free
    : free.flatMap((range) =>
        [
          spanning(range.start, Math.min(endOf(range), taken.start)),
          spanning(Math.max(range.start, endOf(taken)) as A, endOf(range)),
        ].filter(({ size }) => size > 0),
      );

/** The lowest aligned place for `size` bytes. */
export function lowestFit<A extends number>(free: Free<A>, size: number, align: number): Range<A> | undefined {
  return aligned(free, align)
    .filter((range) => range.size >= size)
    .map(({ start }) => ({ start, size }))[0];
}

/** The free ranges as far as they begin at a multiple of `align`. */
export const aligned = <A extends number>(free: Free<A>, align: number): Free<A> =>
  free.map((range) => spanning(alignUp(range.start, align), endOf(range))).filter(({ size }) => size > 0);

/** A negative size where the ends are the wrong way round: callers filter. */
const spanning = <A extends number>(start: A, end: number): Range<A> => ({ start, size: end - start });
