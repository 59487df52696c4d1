import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4623: upstream Xen takes its timer's interrupts from the device tree (row A12); the core knows them (XI4514). */
export const xenNeedsTimer: Rule<ResolvedSystem> = {
  name: "xen-needs-timer",
  *check({ board, target }) {
    if (target.hypervisor === "xen" && !board.timer)
      yield diagnose("XI4623", { board: board.profile.name }, { primary: { path: ["board", "deviceTree"] } });
  },
};
