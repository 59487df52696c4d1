import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4606: tables of the core that hold what domains have in common. */
export const tooManyLinks: Rule<ResolvedSystem> = {
  name: "too-many-links",
  *check({ target, eventChannels, sharedMemory }) {
    if (target.hypervisor !== "core") return;
    const channels = { what: "event channels", count: eventChannels.length, limit: limits.eventChannels };
    const shares = { what: "stretches of shared memory", count: sharedMemory.length, limit: limits.sharedMemory };
    const share = sharedMemory[shares.limit];
    if (channels.count > channels.limit)
      yield diagnose("XI4606", channels, { primary: { path: ["eventChannels", channels.limit] } });
    if (share) yield diagnose("XI4606", shares, { primary: { path: ["sharedMemory", share.name], at: "key" } });
  },
};
