import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4512: without a UART that the core drives, it and all guests run in silence. */
export const coreNeedsPl011: Rule<ResolvedSystem> = {
  name: "core-needs-pl011",
  *check({ target, board }) {
    if (target.hypervisor === "core" && !board.pl011)
      yield diagnose("XI4512", { board: board.profile.name }, { primary: { path: ["board", "deviceTree"] } });
  },
};
