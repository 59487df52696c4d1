import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";
import { has, reads } from "../versions.ts";

/** XI4122: a domain without colours gets those of the one before it (row C21, silent). */
export const colorsInherited: Rule<ResolvedSystem> = {
  name: "colors-inherited",
  *check({ target, domains }) {
    if (!reads(target, "llcColors") || !has(target, "colorsInherited")) return;
    for (const [index, domain] of domains.entries()) {
      const colored = domains.slice(0, index).findLast(({ llcColors }) => llcColors !== undefined);
      if (colored && domain.llcColors === undefined)
        yield diagnose(
          "XI4122",
          { target: formatTarget(target), domain: domain.name, colored: colored.name },
          { primary: { path: domainPath(domain) } },
        );
    }
  },
};
