import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { domainPath } from "../claims.ts";
import { newerOptions, optionNames } from "../newer-options.ts";
import type { Rule } from "../rule.ts";
import { firstRelease, reads } from "../versions.ts";

/** XI4900, XI4901: a property that the release does not read yet: it passes over it, without a word. */
export const optionUnknown: Rule<ResolvedSystem> = {
  name: "option-unknown",
  *check({ target, domains }) {
    if (target.hypervisor === "core") return;
    for (const domain of domains)
      for (const name of optionNames) {
        const { asks, before, harmless, called = name } = newerOptions[name];
        if (reads(target, name) || !asks(domain)) continue;
        const params = { field: called, target: formatTarget(target), since: firstRelease[name], instead: before };
        const primary = { path: domainPath(domain, name) };
        yield harmless ? diagnose("XI4901", params, { primary }) : diagnose("XI4900", params, { primary });
      }
  },
};
