import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { domainsByGroup } from "../pools.ts";
import type { Rule } from "../rule.ts";

/**
 * XI4440: the vCPUs of a pool's domains move between its CPUs, and would see their CPU become another one. Xen forbids
 * it (docs/misc/arm/big.LITTLE.txt) and does not look; the core stops the boot.
 */
export const poolMixesModels: Rule<ResolvedSystem> = {
  name: "pool-mixes-models",
  *check(system) {
    for (const { group, domains } of domainsByGroup(system)) {
      const [first, ...rest] = group.cpus;
      const other = rest.find(({ model }) => model !== first?.model);
      const [domain] = domains;
      if (first === undefined || other === undefined || domain === undefined) continue;
      const declared = system.cpupools.find(({ cpus }) => cpus.includes(other));
      const path = declared ? ["cpupools", declared.name] : domainPath(domain, "cpus");
      const name = (cpu: typeof first): string => `${cpu.label} (${cpu.model ?? "of no known model"})`;
      yield diagnose("XI4440", { pool: group.name, one: name(first), other: name(other) }, { primary: { path } });
    }
  },
};
