import { contains, formatRange } from "../../base/ranges.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { PlacedSystem } from "../../ir/placed.ts";
import { placeOfView } from "../../ir/shared-memory.ts";
import { smallestCpu } from "../reach.ts";
import type { Rule } from "../rule.ts";

/** What each CPU has that Xen and the core run on. */
const fewestBits = 40;

/** XI4607: a guest sees nothing at an address that its CPU does not have: both hypervisors' stage 2 has the smallest CPU's bits. */
export const sharedMemoryOutOfReach: Rule<PlacedSystem> = {
  name: "shared-memory-out-of-reach",
  *check({ resolved: { board }, sharedMemory }) {
    const bits = smallestCpu(board)?.bits ?? fewestBits;
    const reach = { start: 0, size: 2 ** bits };
    for (const { resolved, views } of sharedMemory)
      for (const { domain, at } of views)
        if (!contains(reach, at))
          yield diagnose(
            "XI4607",
            { name: resolved.name, domain, range: formatRange(at), bits, reach: formatRange(reach) },
            { primary: { path: placeOfView(resolved, domain) } },
          );
  },
};
