import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedDomain, ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4921: an end of a PV link that has not what the drivers work with: events, grants and XenStore. */
export const pvNotEnhanced: Rule<ResolvedSystem> = {
  name: "pv-not-enhanced",
  *check({ target, pv, domains }) {
    for (const [index, link] of pv.entries())
      for (const end of ["backend", "frontend"] as const) {
        const domain = domains.find(({ name }) => name === link[end]);
        if (domain === undefined || serves(domain, target.hypervisor)) continue;
        yield diagnose(
          "XI4921",
          { domain: domain.name, kind: link.kind },
          {
            primary: { path: ["pv", index, end] },
            labels:
              domain.enhanced === undefined ? [] : [{ path: domainPath(domain, "enhanced"), text: "without XenStore" }],
          },
        );
      }
  },
};

/** The core knows "enabled" alone. */
const serves = ({ enhanced }: ResolvedDomain, hypervisor: "core" | "xen"): boolean =>
  enhanced === "enabled" || (enhanced === "legacy" && hypervisor === "xen");
