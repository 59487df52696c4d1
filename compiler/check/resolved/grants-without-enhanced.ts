import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4906: limits of a grant table that the guest is not told of. */
export const grantsWithoutEnhanced: Rule<ResolvedSystem> = {
  name: "grants-without-enhanced",
  *check({ domains }) {
    for (const domain of domains)
      if (domain.grants !== undefined && domain.enhanced === undefined)
        yield diagnose("XI4906", { domain: domain.name }, { primary: { path: domainPath(domain, "grants") } });
  },
};
