import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { poolNumbers } from "../pools.ts";
import type { Rule } from "../rule.ts";

/** XI4404: a pool that is named as the hypervisor calls another one: names do not reach it, it counts (row F8). */
export const poolMisnumbered: Rule<ResolvedSystem> = {
  name: "pool-misnumbered",
  *check(system) {
    const numbers = poolNumbers(system);
    for (const [index, { name }] of system.cpupools.entries()) {
      const becomes = `Pool-${numbers[index] ?? 0}`;
      if (/^Pool-(0|[1-9]\d*)$/.test(name) && name !== becomes)
        yield diagnose("XI4404", { name, becomes }, { primary: { path: ["cpupools", name], at: "key" } });
    }
  },
};
