import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4920: a driver's two halves in one domain: it would wait for itself. */
export const pvBothEnds: Rule<ResolvedSystem> = {
  name: "pv-both-ends",
  *check({ pv }) {
    for (const [index, { backend, frontend }] of pv.entries())
      if (backend === frontend)
        yield diagnose("XI4920", { domain: backend }, { primary: { path: ["pv", index, "frontend"] } });
  },
};
