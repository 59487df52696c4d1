import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/**
 * XI4434: a cap above what the vCPUs could take at most holds nobody back. All of it, 100 for each vCPU, says no more, but
 * says what is so.
 */
export const capBeyondVcpus: Rule<ResolvedSystem> = {
  name: "cap-beyond-vcpus",
  *check({ domains }) {
    for (const domain of domains) {
      const { name, cap, cpus } = domain;
      if (cap !== undefined && cap > cpus * 100)
        yield diagnose("XI4434", { domain: name, cap, cpus }, { primary: { path: domainPath(domain, "cap") } });
    }
  },
};
