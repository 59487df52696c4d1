import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";
import { reservations } from "../scheduling.ts";

/** XI4424: more than all the time there is. */
export const budgetBeyondPeriod: Rule<ResolvedSystem> = {
  name: "budget-beyond-period",
  *check({ domains }) {
    for (const { path, rtds } of domains.flatMap(reservations))
      if (rtds.budget > rtds.period) yield diagnose("XI4424", rtds, { primary: { path } });
  },
};
