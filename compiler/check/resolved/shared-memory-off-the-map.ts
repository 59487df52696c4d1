import { hex } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4625: in a direct-mapped domain of upstream Xen, shared memory is where the machine has it (row E9). */
export const sharedMemoryOffTheMap: Rule<ResolvedSystem> = {
  name: "shared-memory-off-the-map",
  *check({ sharedMemory, domains, target }) {
    if (target.hypervisor !== "xen") return;
    for (const { name, at, guestAt, owner, borrowers } of sharedMemory) {
      if (guestAt === undefined || guestAt === at) continue;
      const direct = domains.find((each) => each.directMap && [owner, ...borrowers].includes(each.name));
      if (direct)
        yield diagnose(
          "XI4625",
          { name, domain: direct.name, guestAt: hex(guestAt) },
          { primary: { path: ["sharedMemory", name, "guestAt"] } },
        );
    }
  },
};
