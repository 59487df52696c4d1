import type { Range } from "./ranges.ts";
import { GiB } from "./units.ts";

/** A number as so many 32-bit cells of a device tree, the most significant first; undefined where it does not fit. */
export function inCells(value: number, count: number): readonly number[] | undefined {
  if (count < 1 || value >= 2 ** (32 * count)) return undefined;
  return Array.from({ length: count }, (_, index) => Math.floor(value / 2 ** (32 * (count - 1 - index))) % 2 ** 32);
}

/** As much as one cell takes and stays aligned. */
const longest = GiB(2);

/** Ranges as pairs in cells, a long one in pieces where a size has one cell; undefined where an address does not fit. */
export function rangesInCells(
  ranges: readonly Range<number>[],
  cells: { readonly address: number; readonly size: number },
): readonly number[] | undefined {
  const numbers: number[] = [];
  for (const range of cells.size === 1 ? ranges.flatMap(inPieces) : ranges) {
    const start = inCells(range.start, cells.address);
    const size = inCells(range.size, cells.size);
    if (start === undefined || size === undefined) return undefined;
    numbers.push(...start, ...size);
  }
  return numbers;
}

const inPieces = ({ start, size }: Range<number>): readonly Range<number>[] =>
  Array.from({ length: Math.ceil(size / longest) }, (_, index) => ({
    start: start + index * longest,
    size: Math.min(longest, size - index * longest),
  }));
