import { hex } from "../base/units.ts";
import type { FoundRange } from "./system-facts.ts";

/** Ranges as text that is the same in whatever order they come. */
export const rangeList = (ranges: readonly FoundRange[]): string =>
  ranges
    .map(({ start, size }) => `${hex(start)}+${hex(size)}`)
    .sort()
    .join(" ");
