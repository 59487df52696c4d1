import { formatRange, overlapOf } from "../../base/ranges.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { placedByHand } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** XI4309: memory placed over a device's registers (row D13, silent: a direct-mapped guest would drive it). */
export const regionOnDevice: Rule<ResolvedSystem> = {
  name: "region-on-device",
  *check(system) {
    for (const claim of placedByHand(system))
      for (const device of system.board.mmio)
        if (overlapOf(claim.range, device))
          yield diagnose(
            "XI4309",
            { what: claim.what, device: device.name, registers: formatRange(device) },
            { primary: { path: claim.path } },
          );
  },
};
