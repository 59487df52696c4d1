import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";
import { servesStore } from "../store.ts";

/** XI4951: XenStore's page is at a guest address of Xen's map, and a direct-mapped domain has the machine's instead. */
export const storeDirectMap: Rule<ResolvedSystem> = {
  name: "store-direct-map",
  *check(system) {
    if (!servesStore(system)) return;
    for (const domain of system.domains)
      if (domain.directMap && domain.enhanced === "enabled")
        yield diagnose(
          "XI4951",
          { domain: domain.name },
          {
            primary: { path: domainPath(domain, "directMap") },
            labels: [{ path: domainPath(domain, "enhanced"), text: "asks for XenStore" }],
          },
        );
  },
};
