import type { Range } from "../../base/ranges.ts";
import { endOf } from "../../base/ranges.ts";

/** As C's `%0<digits>llx`. */
export const digits = (value: number, count: number): string => value.toString(16).padStart(count, "0");

/** `0x000040000000-0x000080000000`, with so many digits. */
export const span = (range: Range<number>, count: number): string =>
  `0x${digits(range.start, count)}-0x${digits(endOf(range), count)}`;

/** Whole units, as C's integer division counts them. */
export const inKiB = (size: number): number => Math.floor(size / 2 ** 10);
export const inMiB = (size: number): number => Math.floor(size / 2 ** 20);
