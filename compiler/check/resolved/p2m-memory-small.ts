import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatSize } from "../../base/units.ts";
import { defaultP2mPool } from "../budget.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4905: less for the stage-2 tables than the documented default; later mappings fail (row C8). The core sees to itself. */
export const p2mMemorySmall: Rule<ResolvedSystem> = {
  name: "p2m-memory-small",
  *check({ target, domains }) {
    if (target.hypervisor === "core") return;
    for (const domain of domains) {
      const usual = defaultP2mPool(domain);
      if (domain.p2mMemory === undefined || domain.p2mMemory >= usual) continue;
      const params = { domain: domain.name, size: formatSize(domain.p2mMemory), usual: formatSize(usual) };
      yield diagnose("XI4905", params, { primary: { path: domainPath(domain, "p2mMemory") } });
    }
  },
};
