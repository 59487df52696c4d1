import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { firstOutOfOrder } from "../cache-colors.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4910: colours are written in ascending order, each once (docs/misc/cache-coloring.rst; row C20). */
export const colorsUnordered: Rule<ResolvedSystem> = {
  name: "colors-unordered",
  *check({ domains }) {
    for (const domain of domains) {
      const wrong = domain.llcColors === undefined ? undefined : firstOutOfOrder(domain.llcColors);
      if (wrong !== undefined)
        yield diagnose("XI4910", { colors: wrong }, { primary: { path: domainPath(domain, "llcColors") } });
    }
  },
};
