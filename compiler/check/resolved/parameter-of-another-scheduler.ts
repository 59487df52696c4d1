import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";
import { schedulingParameters } from "../scheduling.ts";

/** XI4421: what the scheduler of the pool does not know. */
export const parameterOfAnotherScheduler: Rule<ResolvedSystem> = {
  name: "parameter-of-another-scheduler",
  *check(system) {
    for (const { field, path, pool, scheduler, listeners } of schedulingParameters(system))
      if (!listeners.some((each) => each === scheduler))
        yield diagnose("XI4421", { field, pool, scheduler, needed: listeners[0] }, { primary: { path } });
  },
};
