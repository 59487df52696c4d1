import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { groupOf } from "../pools.ts";
import type { Rule } from "../rule.ts";

/** XI4423: a vCPU runs in its domain's pool and nowhere else (row C18: upstream panics). */
export const affinityOutsidePool: Rule<ResolvedSystem> = {
  name: "affinity-outside-pool",
  *check(system) {
    for (const domain of system.domains) {
      const { name: pool, cpus } = groupOf(domain, system);
      for (const [vcpu, { affinity = [] }] of domain.vcpus.entries())
        for (const [index, { label: cpu }] of affinity.entries())
          if (!cpus.some(({ label }) => label === cpu))
            yield diagnose(
              "XI4423",
              { cpu, pool, cpus: cpus.map(({ label }) => label).join(", ") },
              { primary: { path: domainPath(domain, "vcpus", vcpu, "affinity", index) } },
            );
    }
  },
};
