import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import type { Rule } from "../rule.ts";
import { schedulingParameters } from "../scheduling.ts";

/** XI4420: how domains share CPUs is a toolstack's business upstream, and a dom0less system has none. */
export const schedulingIgnored: Rule<ResolvedSystem> = {
  name: "scheduling-ignored",
  *check(system) {
    if (system.target.hypervisor === "core") return;
    for (const { field, path } of schedulingParameters(system))
      yield diagnose("XI4420", { field, target: formatTarget(system.target) }, { primary: { path } });
  },
};
