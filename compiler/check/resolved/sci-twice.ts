import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4913: the firmware has one agent for "scmi_smc" (booting.txt, "xen,sci_type"), which two domains would both be. */
export const sciTwice: Rule<ResolvedSystem> = {
  name: "sci-twice",
  *check({ domains }) {
    const [first, ...others] = domains.filter(({ sci }) => sci === "scmi_smc");
    for (const domain of others)
      yield diagnose(
        "XI4913",
        { domain: domain.name, first: first?.name ?? "" },
        {
          primary: { path: domainPath(domain, "sci") },
          labels: first ? [{ path: domainPath(first, "sci"), text: "the first" }] : [],
        },
      );
  },
};
