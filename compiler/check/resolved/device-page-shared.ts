import { overlapOf } from "../../base/ranges.ts";
import { hex } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { isWithin, pairsOfDomains } from "../devices.ts";
import type { Rule } from "../rule.ts";

/** XI4804: stage 2 gives whole pages, so two devices that share one have one owner. */
export const devicePageShared: Rule<ResolvedSystem> = {
  name: "device-page-shared",
  *check(system) {
    for (const [later, earlier] of pairsOfDomains(system)) {
      if (isWithin(later, earlier)) continue;
      const shared = later.device.regions
        .flatMap((a) => earlier.device.regions.map((b) => overlapOf(a.machine, b.machine)))
        .find((overlap) => overlap !== undefined);
      if (shared)
        yield diagnose(
          "XI4804",
          { device: later.name, other: earlier.name, domain: earlier.domain.name, page: hex(shared.start) },
          { primary: { path: later.device.place } },
        );
    }
  },
};
