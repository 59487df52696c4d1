import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { domainPath } from "../claims.ts";
import { domainsByGroup } from "../pools.ts";
import type { Rule } from "../rule.ts";

/** XI4427: without a table nobody would ever run. Upstream Xen takes one from a toolstack alone. */
export const scheduleMissing: Rule<ResolvedSystem> = {
  name: "schedule-missing",
  *check(system) {
    const upstream = system.target.hypervisor === "core" ? undefined : formatTarget(system.target);
    for (const { group, domains } of domainsByGroup(system)) {
      const [first] = domains;
      const pool = system.cpupools.find(({ name }) => name === group.name);
      const missing = upstream !== undefined || pool?.schedule === undefined;
      if (group.scheduler !== "arinc653" || !missing || first === undefined) continue;
      const path = pool ? ["cpupools", pool.name] : domainPath(first);
      yield diagnose("XI4427", { pool: group.name, upstream }, { primary: { path } });
    }
  },
};
