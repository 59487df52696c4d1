import { freeOf } from "../../base/free.ts";
import { contains, formatRange } from "../../base/ranges.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { PlacedSystem } from "../../ir/placed.ts";
import { domainPath, firstBankPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4111: a kernel's memory beyond its file (BSS) ends outside its bank. Upstream counts file bytes only. */
export const kernelBeyondBank: Rule<PlacedSystem> = {
  name: "kernel-beyond-bank",
  *check(system) {
    for (const domain of system.domains) {
      const start = { start: domain.kernelAt.start, size: 1 };
      const bank = freeOf(domain.banks.map(({ guest }) => guest)).find((each) => contains(each, start));
      if (bank && !contains(bank, domain.kernelAt))
        yield diagnose(
          "XI4111",
          { kernel: formatRange(domain.kernelAt), bank: formatRange(bank) },
          {
            primary: { path: firstBankPath(domain.resolved) },
            labels: [{ path: domainPath(domain.resolved, "kernel"), text: "this kernel" }],
          },
        );
    }
  },
};
