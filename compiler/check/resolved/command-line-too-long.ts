import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4102: a command line longer than the hypervisor's buffer (row B3: refused, or cut without a word at 1024). */
export const commandLineTooLong: Rule<ResolvedSystem> = {
  name: "command-line-too-long",
  *check(system) {
    const lines = [
      { text: system.hypervisor.bootargs, path: ["hypervisor", "bootargs"] },
      ...system.domains.map((domain) => ({ text: domain.bootargs ?? "", path: domainPath(domain, "bootargs") })),
    ];
    for (const { text, path } of lines) {
      const length = new TextEncoder().encode(text).length;
      if (length > limits.commandLine)
        yield diagnose("XI4102", { length, limit: limits.commandLine }, { primary: { path } });
    }
  },
};
