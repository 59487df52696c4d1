import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4101: the hypervisor's table of boot modules is full; the last domains would lose theirs (row B2). */
export const tooManyModules: Rule<ResolvedSystem> = {
  name: "too-many-modules",
  *check(system) {
    const modules = system.domains.flatMap((domain) => [
      domainPath(domain, "kernel"),
      ...(domain.ramdisk ? [domainPath(domain, "ramdisk")] : []),
      ...(domain.passthrough ? [domainPath(domain, "passthrough")] : []),
    ]);
    // The hypervisor itself and the device tree take a slot each.
    const first = modules[limits.modules - 2];
    if (first)
      yield diagnose("XI4101", { count: 2 + modules.length, limit: limits.modules }, { primary: { path: first } });
  },
};
