import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { domainsByGroup } from "../pools.ts";
import type { Rule } from "../rule.ts";
import { vcpusOf } from "../scheduling.ts";

/** XI4431: who has no window never runs. */
export const vcpuWithoutWindow: Rule<ResolvedSystem> = {
  name: "vcpu-without-window",
  *check(system) {
    for (const { group, domains } of domainsByGroup(system)) {
      const windows = system.cpupools.find(({ name }) => name === group.name)?.schedule?.windows;
      for (const { domain, index } of windows ? vcpusOf(group, domains) : [])
        if (!windows?.some((window) => window.domain === domain.name && window.vcpu === index))
          yield diagnose(
            "XI4431",
            { vcpu: index, domain: domain.name, pool: group.name },
            { primary: { path: domainPath(domain, "pool") } },
          );
    }
  },
};
