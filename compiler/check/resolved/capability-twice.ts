import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4907: one domain of a system has the hardware, and one serves XenStore (row C16). */
export const capabilityTwice: Rule<ResolvedSystem> = {
  name: "capability-twice",
  *check({ domains }) {
    for (const capability of ["hardware", "xenstore"] as const) {
      const [first, ...others] = domains.filter(({ capabilities }) => capabilities?.includes(capability));
      for (const domain of others)
        yield diagnose(
          "XI4907",
          { capability, first: first?.name ?? "", domain: domain.name },
          {
            primary: { path: domainPath(domain, "capabilities") },
            labels: first ? [{ path: domainPath(first, "capabilities"), text: "the first" }] : [],
          },
        );
    }
  },
};
