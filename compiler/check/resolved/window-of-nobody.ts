import { nearest } from "../../base/suggest.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainsByGroup } from "../pools.ts";
import type { Rule } from "../rule.ts";

/** XI4430: a window for a vCPU that does not run in the pool. */
export const windowOfNobody: Rule<ResolvedSystem> = {
  name: "window-of-nobody",
  *check(system) {
    const groups = domainsByGroup(system);
    for (const { name: pool, schedule } of system.cpupools) {
      const domains = groups.find(({ group }) => group.name === pool)?.domains ?? [];
      for (const [index, { domain, vcpu }] of (schedule?.windows ?? []).entries()) {
        const found = domains.find(({ name }) => name === domain);
        if (domain === undefined || (found && vcpu < found.cpus)) continue;
        const known = domains.map(({ name }) => name);
        yield diagnose(
          "XI4430",
          { vcpu, domain, pool, there: found !== undefined, nearest: nearest(domain, known) },
          { primary: { path: ["cpupools", pool, "schedule", "windows", index] } },
        );
      }
    }
  },
};
