import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4912: memory that is placed by hand has the colours of its addresses (docs/misc/cache-coloring.rst; row C20). */
export const colorsStaticMemory: Rule<ResolvedSystem> = {
  name: "colors-static-memory",
  *check({ domains }) {
    const colored = domains.find(({ llcColors }) => llcColors !== undefined);
    if (colored === undefined) return;
    for (const domain of domains)
      if (domain.memory.kind === "static")
        yield diagnose(
          "XI4912",
          { domain: domain.name, colored: colored.name },
          {
            primary: { path: domainPath(domain, "memory") },
            labels: [{ path: domainPath(colored, "llcColors"), text: "coloured" }],
          },
        );
  },
};
