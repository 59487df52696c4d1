import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4513: a CPU that the core cannot start never runs the vCPUs that are given to it. */
export const coreNeedsPsci: Rule<ResolvedSystem> = {
  name: "core-needs-psci",
  *check({ target, board }) {
    const others = board.cpus.length - 1;
    if (target.hypervisor === "core" && board.psci === undefined && others > 0)
      yield diagnose("XI4513", { board: board.profile.name, cpus: others }, { primary: { path: ["board"] } });
  },
};
