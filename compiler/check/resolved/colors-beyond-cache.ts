import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { cacheColors, colorRanges } from "../cache-colors.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";
import { reads } from "../versions.ts";

/** XI4129: a colour that the cache, as the command line describes it, does not have. */
export const colorsBeyondCache: Rule<ResolvedSystem> = {
  name: "colors-beyond-cache",
  *check({ target, hypervisor, domains }) {
    const count = reads(target, "llcColors") ? cacheColors(hypervisor.bootargs) : undefined;
    if (count === undefined) return;
    for (const domain of domains) {
      const beyond = colorRanges(domain.llcColors ?? "0").find(({ to }) => to >= count);
      if (beyond)
        yield diagnose(
          "XI4129",
          { domain: domain.name, color: beyond.to, count },
          { primary: { path: domainPath(domain, "llcColors") } },
        );
    }
  },
};
