import { hex } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { placeOfView, viewersOf, writtenAt } from "../../ir/shared-memory.ts";
import type { Rule } from "../rule.ts";

/** XI4625: in a direct-mapped domain of upstream Xen, shared memory is where the machine has it (row E9). */
export const sharedMemoryOffTheMap: Rule<ResolvedSystem> = {
  name: "shared-memory-off-the-map",
  *check({ sharedMemory, domains, target }) {
    if (target.hypervisor !== "xen") return;
    for (const share of sharedMemory) {
      const viewers = new Set(viewersOf(share));
      for (const { name } of domains.filter((each) => each.directMap && viewers.has(each.name))) {
        const guestAt = writtenAt(share, name);
        if (guestAt === undefined || guestAt === share.at) continue;
        const params = { name: share.name, domain: name, guestAt: hex(guestAt) };
        yield diagnose("XI4625", params, { primary: { path: placeOfView(share, name) } });
        // One address for all is one mistake.
        if (typeof share.guestAt !== "object") break;
      }
    }
  },
};
