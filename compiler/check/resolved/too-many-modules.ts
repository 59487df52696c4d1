import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4101: the hypervisor's table of boot modules is full; the last domains would lose theirs (row B2). */
export const tooManyModules: Rule<ResolvedSystem> = {
  name: "too-many-modules",
  *check(system) {
    const ramdisks = system.domains.filter((domain) => domain.ramdisk !== undefined).length;
    // The hypervisor itself and the device tree take a slot each.
    const count = 2 + system.domains.length + ramdisks;
    if (count > limits.modules)
      yield diagnose("XI4101", { count, limit: limits.modules }, { primary: { path: ["domains"] } });
  },
};
