import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { groupOf } from "../pools.ts";
import type { Rule } from "../rule.ts";

/** XI4211: one domain with more vCPUs than its pool has CPUs gains nothing and spins on its own locks. */
export const vcpusExceedPool: Rule<ResolvedSystem> = {
  name: "vcpus-exceed-pool",
  *check(system) {
    for (const domain of system.domains) {
      const group = groupOf(domain, system);
      // Under "null" the surplus never runs at all: XI4210 says so.
      if (group.scheduler === "null" || domain.cpus <= group.cpus.length) continue;
      yield diagnose(
        "XI4211",
        { cpus: domain.cpus, pool: group.name, pcpus: group.cpus.length },
        { primary: { path: domainPath(domain, "cpus") } },
      );
    }
  },
};
