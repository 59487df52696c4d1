import type { Range } from "../base/ranges.ts";
import { isAligned } from "../base/units.ts";

/** The field of a region that is no multiple of `align`, the first of the two. */
export function offGrid(range: Range<number>, align: number): "at" | "size" | undefined {
  if (!isAligned(range.start, align)) return "at";
  return isAligned(range.size, align) ? undefined : "size";
}
