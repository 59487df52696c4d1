import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";
import { servesStore } from "../store.ts";

/** XI4956: more grants than the core has room for (hypervisor/core/config_grants.c). */
export const grantsBeyondCore: Rule<ResolvedSystem> = {
  name: "grants-beyond-core",
  *check(system) {
    if (!servesStore(system)) return;
    for (const domain of system.domains)
      for (const field of ["frames", "maptrackFrames"] as const) {
        const wanted = domain.grants?.[field];
        if (wanted === undefined || wanted <= limits.grantFrames) continue;
        const primary = { path: [...domainPath(domain, "grants"), field] };
        yield diagnose("XI4956", { domain: domain.name, field, wanted, limit: limits.grantFrames }, { primary });
      }
  },
};
