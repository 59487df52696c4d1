import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4429: windows that do not fit into their frame. */
export const scheduleBeyondFrame: Rule<ResolvedSystem> = {
  name: "schedule-beyond-frame",
  *check({ cpupools }) {
    for (const { name, schedule } of cpupools) {
      let sum = 0;
      for (const [index, { duration }] of (schedule?.windows ?? []).entries()) {
        sum += duration;
        if (!schedule || sum <= schedule.majorFrame) continue;
        const path = ["cpupools", name, "schedule", "windows", index];
        yield diagnose("XI4429", { frame: schedule.majorFrame, sum }, { primary: { path } });
        break;
      }
    }
  },
};
