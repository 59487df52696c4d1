import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { domainsByGroup } from "../pools.ts";
import type { Rule } from "../rule.ts";

/** XI4427: without a table nobody would ever run. */
export const scheduleMissing: Rule<ResolvedSystem> = {
  name: "schedule-missing",
  *check(system) {
    if (system.target.hypervisor !== "core") return;
    for (const { group, domains } of domainsByGroup(system)) {
      const [first] = domains;
      const pool = system.cpupools.find(({ name }) => name === group.name);
      if (group.scheduler === "arinc653" && pool?.schedule === undefined && first)
        yield diagnose("XI4427", { pool: group.name }, { primary: { path: poolPath(pool?.name, domainPath(first)) } });
    }
  },
};

const poolPath = (name: string | undefined, otherwise: readonly (string | number)[]) =>
  name === undefined ? otherwise : ["cpupools", name];
