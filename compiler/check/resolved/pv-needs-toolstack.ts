import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import type { Rule } from "../rule.ts";

/** XI4926: upstream, links are set up by a toolstack once the domains run. */
export const pvNeedsToolstack: Rule<ResolvedSystem> = {
  name: "pv-needs-toolstack",
  *check({ target, pv }) {
    if (pv.length > 0 && target.hypervisor === "xen")
      yield diagnose("XI4926", { count: pv.length, target: formatTarget(target) }, { primary: { path: ["pv"] } });
  },
};
