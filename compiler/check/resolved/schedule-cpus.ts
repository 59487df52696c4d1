import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4428: a table is one CPU's. */
export const scheduleCpus: Rule<ResolvedSystem> = {
  name: "schedule-cpus",
  *check({ cpupools }) {
    for (const { name, cpus, schedule } of cpupools)
      if (schedule && cpus.length !== 1)
        yield diagnose("XI4428", { pool: name, cpus: cpus.length }, { primary: { path: ["cpupools", name, "cpus"] } });
  },
};
