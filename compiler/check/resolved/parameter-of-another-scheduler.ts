import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { groupOf } from "../pools.ts";
import type { Rule } from "../rule.ts";
import { schedulingParameters } from "../scheduling.ts";

/** XI4421: a promise to a domain that the scheduler of its pool does not know. */
export const parameterOfAnotherScheduler: Rule<ResolvedSystem> = {
  name: "parameter-of-another-scheduler",
  *check(system) {
    for (const { field, path, domain, schedulers } of schedulingParameters(system)) {
      const { name: pool, scheduler } = groupOf(domain, system);
      if (!schedulers.some((each) => each === scheduler))
        yield diagnose("XI4421", { field, pool, scheduler, needed: schedulers[0] }, { primary: { path } });
    }
  },
};
