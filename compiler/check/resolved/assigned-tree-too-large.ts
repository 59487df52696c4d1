import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { domainPath } from "../claims.ts";
import { assignedSize, ownTreeSize } from "../guest-tree-size.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";
import { has } from "../versions.ts";

/** XI4621: with what is assigned, the guest's device tree outgrows the fixed buffer of this release (row C6). */
export const assignedTreeTooLarge: Rule<ResolvedSystem> = {
  name: "assigned-tree-too-large",
  *check(system) {
    if (!has(system.target, "assignedTreeIn4KiB")) return;
    for (const domain of system.domains) {
      const own = ownTreeSize(domain, system);
      const size = own + assignedSize(domain);
      if (own <= limits.guestTree && size > limits.guestTree)
        yield diagnose(
          "XI4621",
          { domain: domain.name, target: formatTarget(system.target), size, limit: limits.guestTree },
          { primary: { path: domainPath(domain, "passthrough") } },
        );
    }
  },
};
