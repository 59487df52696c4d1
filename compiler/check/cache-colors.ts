import { argumentValues, booleanArgument } from "./bootargs.ts";
import { limits } from "./limits.ts";

interface ColorRange {
  readonly from: number;
  readonly to: number;
  /** As it is written. */
  readonly text: string;
}

/** What `llc-colors` says (docs/misc/cache-coloring.rst). */
export const colorRanges = (colors: string): readonly ColorRange[] =>
  colors.split(",").map((text) => {
    const [from = 0, to = from] = text.split("-").map(Number);
    return { from, to, text };
  });

/** The first number or range that does not lie above all before it. */
export function firstOutOfOrder(colors: string): string | undefined {
  let above = -1;
  for (const { from, to, text } of colorRanges(colors)) {
    if (from <= above || to < from) return text;
    above = to;
  }
  return undefined;
}

const units = { K: 10, M: 20, G: 30 } as const;

/**
 * Colours of the last-level cache: pages in one of its ways. Only where the command line says what the cache is; Xen takes
 * it from the machine otherwise. A size without unit is in KiB (docs/misc/xen-command-line.pandoc; observed of 4.22).
 */
export function cacheColors(bootargs: string): number | undefined {
  if (!booleanArgument(bootargs, "llc-coloring")) return undefined;
  const last = (name: string): string => argumentValues(bootargs, name).at(-1) ?? "";
  const [, size, unit = "K"] = /^([1-9]\d{0,9})([KMG])?$/i.exec(last("llc-size")) ?? [];
  const [ways] = /^[1-9]\d{0,4}$/.exec(last("llc-nr-ways")) ?? [];
  if (size === undefined || ways === undefined) return undefined;
  const colors = (Number(size) * 2 ** units[unit.toUpperCase() as keyof typeof units]) / Number(ways) / limits.page;
  // Of any other number Xen dies, before it has a console.
  return Number.isInteger(Math.log2(colors)) && colors >= 1 ? colors : undefined;
}
