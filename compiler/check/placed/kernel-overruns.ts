import { formatRange, overlapOf } from "../../base/ranges.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { PlacedSystem } from "../../ir/placed.ts";
import { domainPath, firstBankPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/**
 * XI4110: a kernel's memory beyond its file (BSS) reaches what the loader put behind it. Upstream counts file bytes
 * only, so Linux clears its own ramdisk or device tree at start (rows B11, B13, silent).
 */
export const kernelOverruns: Rule<PlacedSystem> = {
  name: "kernel-overruns",
  *check(system) {
    for (const domain of system.domains) {
      const neighbours = [
        { what: "ramdisk", range: domain.ramdiskAt },
        { what: "device tree", range: domain.deviceTreeAt },
      ];
      for (const { what, range } of neighbours)
        if (range && overlapOf(domain.kernelAt, range))
          yield diagnose(
            "XI4110",
            { kernel: formatRange(domain.kernelAt), what, range: formatRange(range) },
            {
              primary: { path: firstBankPath(domain.resolved) },
              labels: [{ path: domainPath(domain.resolved, "kernel"), text: "this kernel" }],
            },
          );
    }
  },
};
