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

/** Ranges that touch, one after the other, as one; their order stays. */
export function joined<A extends number>(ranges: readonly Range<A>[]): readonly Range<A>[] {
  const whole: Range<A>[] = [];
  for (const range of ranges) {
    const last = whole.at(-1);
    if (last && endOf(last) === range.start) whole[whole.length - 1] = { ...last, size: last.size + range.size };
    else whole.push(range);
  }
  return whole;
}

export const contains = (outer: Range<number>, inner: Range<number>): boolean =>
  outer.start <= inner.start && endOf(inner) <= endOf(outer);

/** `[0x40000000, 0x48000000)` */
export const formatRange = (range: Range<number>): string => `[${hex(range.start)}, ${hex(endOf(range))})`;
