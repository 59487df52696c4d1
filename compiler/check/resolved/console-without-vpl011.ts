import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { argumentValues } from "../bootargs.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4213: the command line names a PL011 that this domain does not have. */
export const consoleWithoutVpl011: Rule<ResolvedSystem> = {
  name: "console-without-vpl011",
  *check(system) {
    for (const domain of system.domains)
      if (!domain.vpl011 && argumentValues(domain.bootargs ?? "", "console").some((name) => /^ttyAMA/.test(name)))
        yield diagnose("XI4213", { name: domain.name }, { primary: { path: domainPath(domain, "bootargs") } });
  },
};
