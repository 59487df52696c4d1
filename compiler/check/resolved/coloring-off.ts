import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { booleanArgument } from "../bootargs.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";
import { reads } from "../versions.ts";

/** XI4911: colours of domains count where the hypervisor's command line turns colouring on (row C20). */
export const coloringOff: Rule<ResolvedSystem> = {
  name: "coloring-off",
  *check({ target, hypervisor, domains }) {
    if (!reads(target, "llcColors") || booleanArgument(hypervisor.bootargs, "llc-coloring")) return;
    for (const domain of domains)
      if (domain.llcColors !== undefined)
        yield diagnose("XI4911", { domain: domain.name }, { primary: { path: domainPath(domain, "llcColors") } });
  },
};
