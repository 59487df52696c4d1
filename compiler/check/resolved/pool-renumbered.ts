import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { bootPool } from "../pools.ts";
import type { Rule } from "../rule.ts";

/** XI4402: the pool with the boot CPU becomes Pool-0, whatever the order in the config (row F8, silent). */
export const poolRenumbered: Rule<ResolvedSystem> = {
  name: "pool-renumbered",
  *check(system) {
    const pool = bootPool(system);
    if (pool === undefined || pool === system.cpupools[0]) return;
    const strays = system.domains.filter((domain) => domain.pool === undefined).map((domain) => domain.name);
    // Only matters to domains that name no pool: they land in it.
    if (strays.length > 0)
      yield diagnose(
        "XI4402",
        { pool: pool.name, cpu: system.board.cpus[0]?.label ?? "", domains: strays.join(", ") },
        { primary: { path: ["cpupools", pool.name], at: "key" } },
      );
  },
};
