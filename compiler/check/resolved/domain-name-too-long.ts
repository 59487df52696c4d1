import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4103: the early scan cuts node names, and then finds no command line under the full name (row B4, silent). */
export const domainNameTooLong: Rule<ResolvedSystem> = {
  name: "domain-name-too-long",
  *check(system) {
    for (const domain of system.domains)
      if (domain.name.length > limits.nodeName)
        yield diagnose(
          "XI4103",
          { name: domain.name, length: domain.name.length, limit: limits.nodeName },
          { primary: { path: domainPath(domain), at: "key" } },
        );
  },
};
