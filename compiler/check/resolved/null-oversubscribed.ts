import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { domainsByGroup } from "../pools.ts";
import type { Rule } from "../rule.ts";

/** XI4210: the null scheduler gives each vCPU a pCPU of its own; surplus vCPUs never run (row F9, silent). */
export const nullOversubscribed: Rule<ResolvedSystem> = {
  name: "null-oversubscribed",
  *check(system) {
    for (const { group, domains } of domainsByGroup(system)) {
      if (group.scheduler !== "null") continue;
      let vcpus = 0;
      for (const domain of domains) {
        vcpus += domain.cpus;
        if (vcpus <= group.cpus.length) continue;
        yield diagnose(
          "XI4210",
          { pool: group.name, vcpus, pcpus: group.cpus.length },
          { primary: { path: domainPath(domain, "cpus") } },
        );
      }
    }
  },
};
