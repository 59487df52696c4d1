import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4511: the core drives a GICv3 and stops at any other. */
export const coreNeedsGicv3: Rule<ResolvedSystem> = {
  name: "core-needs-gicv3",
  *check({ target, board }) {
    if (target.hypervisor === "core" && board.gic.version !== 3)
      yield diagnose("XI4511", { version: board.gic.version }, { primary: { path: ["board", "deviceTree"] } });
  },
};
