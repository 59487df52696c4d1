import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { newerOptions, optionNames } from "../newer-options.ts";
import type { Rule } from "../rule.ts";
import { servesStore } from "../store.ts";
import { firstRelease } from "../versions.ts";

/** XI4902, XI4903: a property that the core does not read (hypervisor/core/config_domains.c). */
export const optionBeyondCore: Rule<ResolvedSystem> = {
  name: "option-beyond-core",
  *check(system) {
    const { target, domains } = system;
    if (target.hypervisor !== "core") return;
    for (const domain of domains)
      for (const name of optionNames) {
        const { asks, core } = newerOptions[name];
        if (core === undefined || !asks(domain) || (core.withStore === true && servesStore(system))) continue;
        const params = { field: name, since: firstRelease[name], does: core.does };
        const primary = { path: domainPath(domain, name) };
        if (core.harmless?.(domain) === true) yield diagnose("XI4903", params, { primary });
        else yield diagnose("XI4902", params, { primary });
      }
  },
};
