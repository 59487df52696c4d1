import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import type { Rule } from "../rule.ts";

/** XI4959: upstream's toolstack has a command that attaches a network or block device, and none for a console (xl(1)). */
export const pvConsoleUnattached: Rule<ResolvedSystem> = {
  name: "pv-console-unattached",
  *check({ target, pv }) {
    if (target.hypervisor === "core") return;
    for (const [index, { kind, backend, frontend }] of pv.entries())
      if (kind === "console")
        yield diagnose(
          "XI4959",
          { backend, frontend, target: formatTarget(target) },
          { primary: { path: ["pv", index, "kind"] } },
        );
  },
};
