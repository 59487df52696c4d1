import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4402: the pool with the boot CPU becomes Pool-0, whatever the order in the config (row F8, silent). */
export const poolRenumbered: Rule<ResolvedSystem> = {
  name: "pool-renumbered",
  *check(system) {
    const boot = system.board.cpus[0]?.label;
    const index = system.cpupools.findIndex((pool) => pool.cpus.some((cpu) => cpu.label === boot));
    const pool = system.cpupools[index];
    if (pool === undefined || index === 0) return;
    const strays = system.domains.filter((domain) => domain.pool === undefined).map((domain) => domain.name);
    // Only matters to domains that name no pool: they land in it.
    if (strays.length > 0)
      yield diagnose(
        "XI4402",
        { pool: pool.name, cpu: boot ?? "", domains: strays.join(", ") },
        { primary: { path: ["cpupools", pool.name] } },
      );
  },
};
