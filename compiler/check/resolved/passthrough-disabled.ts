import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4909: devices for a domain that may have none (booting.txt, "passthrough"). */
export const passthroughDisabled: Rule<ResolvedSystem> = {
  name: "passthrough-disabled",
  *check({ domains }) {
    for (const domain of domains)
      if (domain.passthroughPolicy === "disabled" && domain.passthrough)
        yield diagnose(
          "XI4909",
          { domain: domain.name },
          {
            primary: { path: domainPath(domain, "passthroughPolicy") },
            labels: [{ path: domainPath(domain, "passthrough"), text: "its devices" }],
          },
        );
  },
};
