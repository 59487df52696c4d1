import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4401: a CPU belongs to one pool (row F5). */
export const cpuInTwoPools: Rule<ResolvedSystem> = {
  name: "cpu-in-two-pools",
  *check(system) {
    const owner = new Map<string, { pool: string; index: number }>();
    for (const pool of system.cpupools)
      for (const [index, cpu] of pool.cpus.entries()) {
        const first = owner.get(cpu.label);
        if (first === undefined) owner.set(cpu.label, { pool: pool.name, index });
        else
          yield diagnose(
            "XI4401",
            { cpu: cpu.label, first: first.pool, second: pool.name },
            {
              primary: { path: ["cpupools", pool.name, "cpus", index] },
              labels: [{ path: ["cpupools", first.pool, "cpus", first.index], text: "it is already in this one" }],
            },
          );
      }
  },
};
