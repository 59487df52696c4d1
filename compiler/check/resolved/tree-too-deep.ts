import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4620: the board's nodes lie deeper in one another than the hypervisor follows them (row A7). */
export const treeTooDeep: Rule<ResolvedSystem> = {
  name: "tree-too-deep",
  *check({ board, target }) {
    const limit = limits.treeLevels[target.hypervisor];
    if (board.levels > limit)
      yield diagnose(
        "XI4620",
        { levels: board.levels, limit, target: formatTarget(target) },
        { primary: { path: ["board", "deviceTree"] } },
      );
  },
};
