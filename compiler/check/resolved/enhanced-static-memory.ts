import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";
import { has } from "../versions.ts";

/** XI4307: this release never maps the PV pages of a domain with static memory (row D11, silent at boot). */
export const enhancedStaticMemory: Rule<ResolvedSystem> = {
  name: "enhanced-static-memory",
  *check(system) {
    if (!has(system.target, "fixedMagicPages")) return;
    for (const domain of system.domains)
      if (domain.enhanced === "enabled" && domain.memory.kind === "static")
        yield diagnose(
          "XI4307",
          { name: domain.name, target: formatTarget(system.target) },
          {
            primary: { path: domainPath(domain, "enhanced") },
            labels: [{ path: domainPath(domain, "memory"), text: "static banks" }],
          },
        );
  },
};
