import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";
import { servesStore } from "../store.ts";
import { reads } from "../versions.ts";

/**
 * XI4207: `xen,enhanced` asks for XenStore, and nobody serves it (row C9): a domain does so where it is capable of it,
 * upstream from 4.21 on. The core does where there are PV links, and nothing else in a system without dom0.
 */
export const enhancedNeedsXenstore: Rule<ResolvedSystem> = {
  name: "enhanced-needs-xenstore",
  *check(system) {
    const { target, domains } = system;
    const served = domains.some(({ capabilities }) => capabilities?.includes("xenstore"));
    if (served && reads(target, "capabilities")) return;
    for (const domain of domains)
      if (domain.enhanced === "legacy" || (domain.enhanced === "enabled" && !servesStore(system)))
        yield diagnose(
          "XI4207",
          { name: domain.name, remedy: remedyIn(system) },
          { primary: { path: domainPath(domain, "enhanced") } },
        );
  },
};

function remedyIn(system: ResolvedSystem): "upstream" | "capability" | "core" | "links" {
  if (system.target.hypervisor === "core") return servesStore(system) ? "links" : "core";
  return reads(system.target, "capabilities") ? "capability" : "upstream";
}
