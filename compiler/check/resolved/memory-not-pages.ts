import { formatSize, isAligned } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4201: memory by size that is no whole number of pages: the rest would be lost in the binding's KiB count. */
export const memoryNotPages: Rule<ResolvedSystem> = {
  name: "memory-not-pages",
  *check(system) {
    for (const domain of system.domains)
      if (domain.memory.kind === "sized" && !isAligned(domain.memory.size, limits.page))
        yield diagnose(
          "XI4201",
          { size: formatSize(domain.memory.size) },
          { primary: { path: domainPath(domain, "memory") } },
        );
  },
};
