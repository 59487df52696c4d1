import { formatRange, overlapOf } from "../../base/ranges.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Claim } from "../claims.ts";
import { fixedClaims } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4001: two regions placed by hand claim the same machine memory (rows B5, D3). */
export const regionOverlap: Rule<ResolvedSystem> = {
  name: "region-overlap",
  *check(system) {
    const sorted = [...fixedClaims(system)].sort((a, b) => a.range.start - b.range.start);
    // Swept in order of start: only claims that reach past the current start can overlap it.
    let open: Claim[] = [];
    for (const claim of sorted) {
      open = open.filter((earlier) => earlier.range.start + earlier.range.size > claim.range.start);
      for (const earlier of open) yield* report(earlier, claim);
      open.push(claim);
    }
  },
};

function* report(earlier: Claim, later: Claim) {
  const overlap = overlapOf(earlier.range, later.range);
  // Two reservations of the board's own tree may nest: the user can do nothing about them.
  if (overlap === undefined || (earlier.path === undefined && later.path === undefined)) return;
  const [first, second] = later.path === undefined ? [later, earlier] : [earlier, later];
  yield diagnose(
    "XI4001",
    { a: first.what, b: second.what, overlap: formatRange(overlap) },
    {
      primary: { path: second.path ?? [] },
      labels: first.path === undefined ? [] : [{ path: first.path, text: `${first.what} is here` }],
    },
  );
}
