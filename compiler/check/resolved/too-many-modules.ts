import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { modulesOf, ownModules } from "../claims.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4101: the hypervisor's table of boot modules is full; the last domains would lose theirs (row B2). */
export const tooManyModules: Rule<ResolvedSystem> = {
  name: "too-many-modules",
  *check(system) {
    const modules = modulesOf(system);
    const first = modules[limits.modules - ownModules];
    if (first)
      yield diagnose(
        "XI4101",
        { count: ownModules + modules.length, limit: limits.modules },
        { primary: { path: first } },
      );
  },
};
