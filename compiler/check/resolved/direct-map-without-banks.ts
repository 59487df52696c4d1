import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4208: direct map needs to know the addresses: static banks (row C11). */
export const directMapWithoutBanks: Rule<ResolvedSystem> = {
  name: "direct-map-without-banks",
  *check(system) {
    for (const domain of system.domains)
      if (domain.directMap && domain.memory.kind === "sized")
        yield diagnose(
          "XI4208",
          { name: domain.name },
          {
            primary: { path: domainPath(domain, "directMap") },
            labels: [{ path: domainPath(domain, "memory"), text: "memory is given by size only" }],
          },
        );
  },
};
