import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4915: "legacy" keeps pages at fixed addresses for XenStore, which static memory does not have (row D11). */
export const legacyStaticMemory: Rule<ResolvedSystem> = {
  name: "legacy-static-memory",
  *check({ domains }) {
    for (const domain of domains)
      if (domain.enhanced === "legacy" && domain.memory.kind === "static")
        yield diagnose(
          "XI4915",
          { domain: domain.name },
          {
            primary: { path: domainPath(domain, "enhanced") },
            labels: [{ path: domainPath(domain, "memory"), text: "static banks" }],
          },
        );
  },
};
