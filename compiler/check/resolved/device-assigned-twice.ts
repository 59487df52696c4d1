import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { isWithin, pairsOfDomains } from "../devices.ts";
import type { Rule } from "../rule.ts";

/** XI4802: two domains have the same device, or a part of it. */
export const deviceAssignedTwice: Rule<ResolvedSystem> = {
  name: "device-assigned-twice",
  *check(system) {
    for (const [later, earlier] of pairsOfDomains(system))
      if (isWithin(later, earlier))
        yield diagnose(
          "XI4802",
          { device: later.name, other: earlier.domain.name },
          { primary: { path: later.device.place } },
        );
  },
};
