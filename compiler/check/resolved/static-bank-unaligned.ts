import { formatRange } from "../../base/ranges.ts";
import { formatSize } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { staticBanks } from "../claims.ts";
import { offGrid } from "../grid.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4301: a static bank off the page grid is rounded without a word in release builds (row D1, silent). */
export const staticBankUnaligned: Rule<ResolvedSystem> = {
  name: "static-bank-unaligned",
  *check(system) {
    for (const bank of system.domains.flatMap(staticBanks)) {
      const field = offGrid(bank.range, limits.page);
      if (field)
        yield diagnose(
          "XI4301",
          { what: bank.what, range: formatRange(bank.range), align: formatSize(limits.page) },
          { primary: { path: [...bank.path, field] } },
        );
    }
  },
};
