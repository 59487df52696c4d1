import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";

/** XI4606: tables of the core that hold what domains have in common. */
export const tooManyLinks: Rule<ResolvedSystem> = {
  name: "too-many-links",
  *check({ target, eventChannels, sharedMemory }) {
    if (target.hypervisor !== "core") return;
    const links = [
      { what: "event channels", count: eventChannels.length, limit: limits.eventChannels, path: "eventChannels" },
      {
        what: "stretches of shared memory",
        count: sharedMemory.length,
        limit: limits.sharedMemory,
        path: "sharedMemory",
      },
    ];
    for (const { what, count, limit, path } of links)
      if (count > limit) yield diagnose("XI4606", { what, count, limit }, { primary: { path: [path] } });
  },
};
