import { freeOf } from "../../base/free.ts";
import { contains, formatRange } from "../../base/ranges.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { placedByHand } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4303: a static bank, the static heap or shared memory lies where the board has no RAM (row D4, silent for small holes). */
export const regionOutsideRam: Rule<ResolvedSystem> = {
  name: "region-outside-ram",
  *check(system) {
    // Memory may span two /memory entries that touch.
    const ram = freeOf(system.board.ram);
    for (const claim of placedByHand(system))
      if (!ram.some((bank) => contains(bank, claim.range)))
        yield diagnose(
          "XI4303",
          { what: claim.what, range: formatRange(claim.range), ram: ram.map(formatRange).join(", ") },
          { primary: { path: claim.path } },
        );
  },
};
