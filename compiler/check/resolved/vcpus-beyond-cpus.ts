import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4422: words about a vCPU that the domain does not have. */
export const vcpusBeyondCpus: Rule<ResolvedSystem> = {
  name: "vcpus-beyond-cpus",
  *check({ domains }) {
    for (const domain of domains)
      if (domain.vcpus.length > domain.cpus)
        yield diagnose(
          "XI4422",
          { index: domain.cpus, cpus: domain.cpus },
          { primary: { path: domainPath(domain, "vcpus", domain.cpus) } },
        );
  },
};
