import { overlapOf } from "../../base/ranges.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import { guestMap } from "../../ir/guest-map.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";
import { servesStore } from "../store.ts";

/** XI4951: grants and XenStore's page are where Xen's map has grants, also in a domain that has the machine's map. */
export const storeDirectMap: Rule<ResolvedSystem> = {
  name: "store-direct-map",
  *check(system) {
    if (!servesStore(system)) return;
    for (const domain of system.domains) {
      const banks = domain.memory.kind === "static" ? domain.memory.banks : [];
      if (!domain.directMap || domain.enhanced !== "enabled") continue;
      if (banks.some((bank) => overlapOf<number>(bank, guestMap.grantTable) !== undefined))
        yield diagnose(
          "XI4951",
          { domain: domain.name },
          {
            primary: { path: domainPath(domain, "memory") },
            labels: [{ path: domainPath(domain, "enhanced"), text: "asks for XenStore" }],
          },
        );
    }
  },
};
