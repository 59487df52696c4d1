import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { argumentValues } from "../bootargs.ts";
import type { Rule } from "../rule.ts";

/** XI4812: upstream Xen prints nowhere when `dtuart=` names nothing; the core passes over it. */
export const consoleNamedInVain: Rule<ResolvedSystem> = {
  name: "console-named-in-vain",
  *check({ target, board, hypervisor }) {
    const name = argumentValues(hypervisor.bootargs, "dtuart").at(-1);
    if (target.hypervisor === "core" || name === undefined || board.console) return;
    yield diagnose(
      "XI4812",
      { name, board: board.profile.name, target: formatTarget(target) },
      { primary: { path: ["hypervisor", "bootargs"] } },
    );
  },
};
