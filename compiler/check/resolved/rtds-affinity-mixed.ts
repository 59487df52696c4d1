import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { domainsByGroup } from "../pools.ts";
import type { Rule } from "../rule.ts";
import { vcpusOf } from "../scheduling.ts";

/** XI4426: for vCPUs that may run on some CPUs of a pool no bound is known up to which all deadlines are kept. */
export const rtdsAffinityMixed: Rule<ResolvedSystem> = {
  name: "rtds-affinity-mixed",
  *check(system) {
    if (system.target.hypervisor !== "core") return;
    for (const { group, domains } of domainsByGroup(system)) {
      if (group.scheduler !== "rtds") continue;
      const vcpus = vcpusOf(group, domains);
      const bound = vcpus.filter(({ cpus }) => cpus.length === 1);
      const free = vcpus.filter(({ cpus }) => cpus.length === group.cpus.length);
      if (bound.length === vcpus.length || free.length === vcpus.length) continue;
      const odd = vcpus.find(({ cpus }) => cpus.length > 1) ?? vcpus[0];
      if (odd)
        yield diagnose(
          "XI4426",
          { vcpu: odd.index, domain: odd.domain.name, pool: group.name },
          { primary: { path: domainPath(odd.domain, "cpus") } },
        );
    }
  },
};
