import { contains, formatRange } from "../../base/ranges.ts";
import { GiB } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { PlacedSystem } from "../../ir/placed.ts";
import type { Rule } from "../rule.ts";

/** What each CPU can reach that Xen and the core run on: 40 bits of guest addresses (VTCR_EL2.PS). */
const reach = { start: 0, size: GiB(1024) };

/** XI4607: a guest sees nothing at an address that its CPU does not have. */
export const sharedMemoryOutOfReach: Rule<PlacedSystem> = {
  name: "shared-memory-out-of-reach",
  *check({ sharedMemory }) {
    for (const { resolved, views } of sharedMemory)
      for (const { domain, at } of views)
        if (!contains(reach, at))
          yield diagnose(
            "XI4607",
            { name: resolved.name, domain, range: formatRange(at), reach: formatRange(reach) },
            { primary: { path: ["sharedMemory", resolved.name, "guestAt"] } },
          );
  },
};
