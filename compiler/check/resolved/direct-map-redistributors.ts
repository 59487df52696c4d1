import { diagnose } from "../../diagnostics/catalogue.ts";
import type { BoardGic, ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** A GICv3 redistributor is two 64 KiB frames (GIC architecture specification, 12.10). */
const redistributorStride = 0x2_0000;

/** XI4205: a direct-mapped guest uses the host's redistributor addresses and needs one for each vCPU (row C4). */
export const directMapRedistributors: Rule<ResolvedSystem> = {
  name: "direct-map-redistributors",
  *check(system) {
    const limit = redistributorCount(system.board.gic);
    for (const domain of system.domains)
      if (domain.directMap && domain.cpus > limit)
        yield diagnose("XI4205", { cpus: domain.cpus, limit }, { primary: { path: domainPath(domain, "cpus") } });
  },
};

function redistributorCount(gic: BoardGic): number {
  if (gic.version === 2) return Infinity;
  return gic.redistributors.reduce((sum, region) => sum + Math.floor(region.size / redistributorStride), 0);
}
