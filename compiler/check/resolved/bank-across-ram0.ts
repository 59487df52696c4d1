import { formatRange } from "../../base/ranges.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import { guestMap } from "../../ir/guest-map.ts";
import type { ResolvedDomain, ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import type { WrittenClaim } from "../claims.ts";
import { staticBanks } from "../claims.ts";
import type { Rule } from "../rule.ts";
import { has } from "../versions.ts";

/** XI4304: a bank across the end of guest RAM 0 is a false "doesn't match up" panic in this release (row D6). */
export const bankAcrossRam0: Rule<ResolvedSystem> = {
  name: "bank-across-ram0",
  *check(system) {
    if (!has(system.target, "bankAcrossRam0")) return;
    for (const domain of system.domains) {
      const bank = crossingBank(domain);
      if (bank)
        yield diagnose(
          "XI4304",
          { what: bank.what, range: formatRange(bank.range), target: formatTarget(system.target) },
          { primary: { path: bank.path } },
        );
    }
  },
};

/** Banks fill the guest's RAM 0 in order: the one that starts below its end and ends above. */
function crossingBank(domain: ResolvedDomain): WrittenClaim | undefined {
  if (domain.directMap) return undefined;
  let filled = 0;
  for (const bank of staticBanks(domain)) {
    const end = filled + bank.range.size;
    if (filled < guestMap.ram0.size && end > guestMap.ram0.size) return bank;
    filled = end;
  }
  return undefined;
}
