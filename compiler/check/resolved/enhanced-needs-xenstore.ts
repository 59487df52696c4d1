import { diagnose } from "../../diagnostics/catalogue.ts";
import type { StoreRemedy } from "../../diagnostics/catalogue/check.ts";
import type { ResolvedDomain, ResolvedSystem } from "../../ir/resolved.ts";
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
          { name: domain.name, remedy: remedyFor(domain, system) },
          { primary: { path: domainPath(domain, "enhanced") } },
        );
  },
};

/** No help may lead to `enhanced: "no-xenstore"` where a PV link of the domain wants XenStore (XI4921). */
function remedyFor({ name }: ResolvedDomain, system: ResolvedSystem): StoreRemedy {
  const { target, pv } = system;
  if (target.hypervisor === "core") return servesStore(system) ? "links" : "core";
  const isLinked = pv.some(({ backend, frontend }) => backend === name || frontend === name);
  if (reads(target, "capabilities")) return isLinked ? "capabilityLinked" : "capability";
  return isLinked ? "upstreamLinked" : "upstream";
}
