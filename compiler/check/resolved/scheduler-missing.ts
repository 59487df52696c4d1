import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** The core's schedulers today: both credit schedulers' promise of fair shares is kept by its round robin. */
const coreSchedulers = new Set(["null", "credit", "credit2"]);

/** XI4403: the core has no such scheduler (row F1: upstream panics on a name it was built without). */
export const schedulerMissing: Rule<ResolvedSystem> = {
  name: "scheduler-missing",
  *check(system) {
    if (system.target.hypervisor !== "core") return;
    for (const pool of system.cpupools)
      if (pool.scheduler !== undefined && !coreSchedulers.has(pool.scheduler))
        yield diagnose(
          "XI4403",
          { scheduler: pool.scheduler, known: [...coreSchedulers].join(", ") },
          { primary: { path: ["cpupools", pool.name, "scheduler"] } },
        );
  },
};
