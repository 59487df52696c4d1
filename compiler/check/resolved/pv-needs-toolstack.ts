import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import type { Rule } from "../rule.ts";

/** XI4926: upstream, links are set up by a toolstack once the domains run: those of the kinds that it attaches. */
export const pvNeedsToolstack: Rule<ResolvedSystem> = {
  name: "pv-needs-toolstack",
  *check({ target, pv }) {
    const { length: count } = pv.filter(({ kind }) => kind === "net" || kind === "block");
    if (count > 0 && target.hypervisor === "xen")
      yield diagnose("XI4926", { count, target: formatTarget(target) }, { primary: { path: ["pv"] } });
  },
};
