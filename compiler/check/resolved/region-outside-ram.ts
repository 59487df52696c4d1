import { contains, formatRange } from "../../base/ranges.ts";
import type { Range } from "../../base/ranges.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { placedByHand } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4303: a static bank, the static heap or shared memory lies where the board has no RAM (row D4, silent for small holes). */
export const regionOutsideRam: Rule<ResolvedSystem> = {
  name: "region-outside-ram",
  *check(system) {
    const ram = merged(system.board.ram);
    for (const claim of placedByHand(system))
      if (!ram.some((bank) => contains(bank, claim.range)))
        yield diagnose(
          "XI4303",
          { what: claim.what, range: formatRange(claim.range), ram: ram.map(formatRange).join(", ") },
          { primary: { path: claim.path ?? [] } },
        );
  },
};

/** Adjacent banks as one: memory may span two /memory entries that touch. */
function merged(ranges: readonly Range<number>[]): readonly Range<number>[] {
  const result: Range<number>[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && last.start + last.size >= range.start)
      result[result.length - 1] = {
        start: last.start,
        size: Math.max(last.size, range.start + range.size - last.start),
      };
    else result.push(range);
  }
  return result;
}
