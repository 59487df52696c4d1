import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { argumentValues } from "../bootargs.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4212: the guest's only UART is a vPL011 (ttyAMA0), but its console goes elsewhere: nothing is ever seen. */
export const consoleNotVpl011: Rule<ResolvedSystem> = {
  name: "console-not-vpl011",
  *check(system) {
    for (const domain of system.domains) {
      const consoles = argumentValues(domain.bootargs ?? "", "console");
      if (!domain.vpl011 || consoles.length === 0 || consoles.some((name) => /^ttyAMA0\b/.test(name))) continue;
      yield diagnose("XI4212", { console: consoles.join(", ") }, { primary: { path: domainPath(domain, "bootargs") } });
    }
  },
};
