import { hex } from "./units.ts";

/** Half-open `[start, start + size)` in one address space. */
export interface Range<A extends number> {
  readonly start: A;
  /** In bytes; a range of size 0 overlaps nothing. */
  readonly size: number;
}

export const endOf = (range: Range<number>): number => range.start + range.size;

export function overlapOf<A extends number>(a: Range<A>, b: Range<A>): Range<A> | undefined {
  const start = Math.max(a.start, b.start);
  const end = Math.min(endOf(a), endOf(b));
  return start < end ? { start: start as A, size: end - start } : undefined;
}

export const contains = (outer: Range<number>, inner: Range<number>): boolean =>
  outer.start <= inner.start && endOf(inner) <= endOf(outer);

/** `[0x40000000, 0x48000000)` */
export const formatRange = (range: Range<number>): string => `[${hex(range.start)}, ${hex(endOf(range))})`;
