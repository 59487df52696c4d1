import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import type { Rule } from "../rule.ts";
import { has } from "../versions.ts";

/** XI4501: this release takes a reserved-memory child named memory@… for RAM (row A9, silent). */
export const reservedNamedMemory: Rule<ResolvedSystem> = {
  name: "reserved-named-memory",
  *check(system) {
    if (!has(system.target, "reservedMemoryAsRam")) return;
    for (const range of system.board.reserved)
      if (/(?:^|\/)memory(?:@|$)/.test(range.name))
        yield diagnose(
          "XI4501",
          { node: range.name, target: formatTarget(system.target) },
          { primary: { path: ["board", "deviceTree"] } },
        );
  },
};
