import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import { limits } from "../limits.ts";
import { demandsOf } from "../pv-demands.ts";
import type { Rule } from "../rule.ts";
import { servesStore } from "../store.ts";

/** What the core gives a domain where nothing is said (hypervisor/include/xi/config.h). */
const defaults = { frames: 64, maptrackFrames: 32 } as const;

/** XI4958: the drivers' queues may take more grants, mappings or event channels than the domain has. */
export const queuesBeyondLimits: Rule<ResolvedSystem> = {
  name: "queues-beyond-limits",
  *check(system) {
    if (!servesStore(system)) return;
    for (const domain of system.domains) {
      const { queues, grants, mappings, eventChannels } = demandsOf(system, domain);
      const frames = domain.grants?.frames ?? defaults.frames;
      const maptrackFrames = domain.grants?.maptrackFrames ?? defaults.maptrackFrames;
      const primary = { path: domainPath(domain), at: "key" } as const;
      const asks = [
        // Linux keeps the first entries to itself (xen/include/public/grant_table.h, GNTTAB_NR_RESERVED_ENTRIES).
        ["grants", grants === 0 ? 0 : grants + 8, limits.grantsPerFrame, frames, "frames"],
        ["mappings", mappings, limits.mappingsPerFrame, maptrackFrames, "maptrackFrames"],
        // Port 0 is no port, and the store has one.
        ["event channels", eventChannels, 1, limits.ports - 2, undefined],
      ] as const;
      for (const [what, count, each, pages, field] of asks) {
        const limit = Math.floor(each * pages);
        if (count <= limit) continue;
        const wanted = Math.ceil(count / each);
        const mend = field === undefined || wanted > limits.grantFrames ? undefined : { field, wanted };
        yield diagnose(
          "XI4958",
          { domain: domain.name, what, queues, count, limit, ...(mend !== undefined && { mend }) },
          { primary },
        );
      }
    }
  },
};
