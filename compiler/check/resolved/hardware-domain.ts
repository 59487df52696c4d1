import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** What makes no sense beside all of the hardware. */
const fields = ["passthroughPolicy", "nrSpis", "passthrough"] as const;

/** XI4908: the domain with the capability "hardware" has what nobody else has; its devices are not chosen (row C16). */
export const hardwareDomain: Rule<ResolvedSystem> = {
  name: "hardware-domain",
  *check({ domains }) {
    for (const domain of domains)
      for (const field of fields)
        if (domain.capabilities?.includes("hardware") && domain[field] !== undefined)
          yield diagnose("XI4908", { domain: domain.name, field }, { primary: { path: domainPath(domain, field) } });
  },
};
