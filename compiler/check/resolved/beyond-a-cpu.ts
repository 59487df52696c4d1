import { contains, formatRange } from "../../base/ranges.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { placedByHand } from "../claims.ts";
import { smallestCpu } from "../reach.ts";
import type { Rule } from "../rule.ts";

/**
 * XI4320: memory that one of the CPUs cannot address. A stage 2 of more bits than a CPU has hangs there without a word, so
 * hypervisors size it for all by the smallest.
 */
export const beyondACpu: Rule<ResolvedSystem> = {
  name: "beyond-a-cpu",
  *check(system) {
    const smallest = smallestCpu(system.board);
    if (smallest === undefined) return;
    const reach = { start: 0, size: 2 ** smallest.bits };
    for (const { what, range, path } of placedByHand(system))
      if (!contains(reach, range))
        yield diagnose(
          "XI4320",
          { what, range: formatRange(range), cpu: smallest.label, bits: smallest.bits, reach: formatRange(reach) },
          { primary: { path } },
        );
  },
};
