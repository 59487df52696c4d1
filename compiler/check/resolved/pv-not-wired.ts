import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import type { Rule } from "../rule.ts";

/** XI4925, XI4926: links are checked, and nobody sets them up: not the core yet, and upstream a toolstack alone. */
export const pvNotWired: Rule<ResolvedSystem> = {
  name: "pv-not-wired",
  *check({ target, pv }) {
    if (pv.length === 0) return;
    const primary = { path: ["pv"] };
    if (target.hypervisor === "core") yield diagnose("XI4925", { count: pv.length }, { primary });
    else yield diagnose("XI4926", { count: pv.length, target: formatTarget(target) }, { primary });
  },
};
