import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { domainPath } from "../claims.ts";
import { ownTreeSize, vcpuSize } from "../guest-tree-size.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";
import { has } from "../versions.ts";

/** XI4204: the guest's device tree outgrows the fixed buffer of this release (row C5). */
export const guestTreeTooLarge: Rule<ResolvedSystem> = {
  name: "guest-tree-too-large",
  *check(system) {
    if (!has(system.target, "guestTreeIn4KiB")) return;
    for (const domain of system.domains) {
      const excess = ownTreeSize(domain, system) - limits.guestTree;
      if (excess <= 0) continue;
      const limit = Math.max(1, domain.cpus - Math.ceil(excess / vcpuSize(system)));
      yield diagnose(
        "XI4204",
        { cpus: domain.cpus, limit, target: formatTarget(system.target) },
        { primary: { path: domainPath(domain, "cpus") } },
      );
    }
  },
};
