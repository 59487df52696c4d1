import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";
import { has } from "../versions.ts";

/** XI4432: `xen,vcpu` nodes are read from 4.21 on. */
export const affinityIgnored: Rule<ResolvedSystem> = {
  name: "affinity-ignored",
  *check({ target, domains }) {
    if (!has(target, "affinityIgnored")) return;
    for (const domain of domains)
      for (const [vcpu, { affinity }] of domain.vcpus.entries())
        if (affinity)
          yield diagnose(
            "XI4432",
            { target: formatTarget(target) },
            { primary: { path: domainPath(domain, "vcpus", vcpu, "affinity") } },
          );
  },
};
