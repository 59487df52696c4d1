import { formatSize } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { staticBanks } from "../claims.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4302: a bank of 2^32 pages or more does not fit the hypervisor's page count (row D2). */
export const staticBankTooLarge: Rule<ResolvedSystem> = {
  name: "static-bank-too-large",
  *check(system) {
    const limit = limits.staticPages * limits.page;
    for (const bank of system.domains.flatMap(staticBanks))
      if (bank.range.size >= limit)
        yield diagnose(
          "XI4302",
          { what: bank.what, size: formatSize(bank.range.size), limit: formatSize(limit) },
          { primary: { path: [...bank.path, "size"] } },
        );
  },
};
