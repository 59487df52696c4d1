import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4207: `xen,enhanced = "enabled"` asks for XenStore, and no domain of a system without dom0 serves it (row C9). */
export const enhancedNeedsXenstore: Rule<ResolvedSystem> = {
  name: "enhanced-needs-xenstore",
  *check(system) {
    for (const domain of system.domains)
      if (domain.enhanced === "enabled")
        yield diagnose("XI4207", { name: domain.name }, { primary: { path: domainPath(domain, "enhanced") } });
  },
};
