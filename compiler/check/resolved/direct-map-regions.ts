import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";
import { has } from "../versions.ts";

/** XI4206: several redistributor regions are not announced to a direct-mapped guest (row F22, silent). */
export const directMapRegions: Rule<ResolvedSystem> = {
  name: "direct-map-regions",
  *check(system) {
    const { gic } = system.board;
    if (gic.version !== 3 || gic.redistributors.length < 2 || !has(system.target, "redistributorRegionsMissing"))
      return;
    for (const domain of system.domains)
      if (domain.directMap && domain.cpus > 1)
        yield diagnose(
          "XI4206",
          { target: formatTarget(system.target), regions: gic.redistributors.length },
          { primary: { path: domainPath(domain, "directMap") } },
        );
  },
};
