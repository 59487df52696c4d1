import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4512: without a UART that the core drives, it and all guests run in silence. */
export const coreNeedsUart: Rule<ResolvedSystem> = {
  name: "core-needs-uart",
  *check({ target, board }) {
    if (target.hypervisor === "core" && board.uarts.length === 0)
      yield diagnose("XI4512", { board: board.profile.name }, { primary: { path: ["board", "deviceTree"] } });
  },
};
