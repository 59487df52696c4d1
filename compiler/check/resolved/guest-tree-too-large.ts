import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";
import { has } from "../versions.ts";

/** vCPUs whose nodes still fit in the 4096 bytes that these releases allow. */
const vcpusThatFit = 32;

/** XI4204: the guest's device tree outgrows the fixed buffer of this release (row C5). */
export const guestTreeTooLarge: Rule<ResolvedSystem> = {
  name: "guest-tree-too-large",
  *check(system) {
    if (!has(system.target, "guestTreeIn4KiB")) return;
    for (const domain of system.domains)
      if (domain.cpus > vcpusThatFit)
        yield diagnose(
          "XI4204",
          { cpus: domain.cpus, limit: vcpusThatFit, target: formatTarget(system.target) },
          { primary: { path: domainPath(domain, "cpus") } },
        );
  },
};
