import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4914: what protects memory at EL1 can be chosen on Armv8-R alone (row C19). */
export const notArmv8r: Rule<ResolvedSystem> = {
  name: "not-armv8r",
  *check({ board, domains }) {
    const model = board.cpus.map(({ model }) => model ?? "").find((model) => /^arm,(cortex-a|neoverse)/.test(model));
    if (model === undefined) return;
    for (const domain of domains)
      if (domain.v8rMsa !== undefined)
        yield diagnose(
          "XI4914",
          { board: board.profile.name, model },
          { primary: { path: domainPath(domain, "v8rMsa") } },
        );
  },
};
