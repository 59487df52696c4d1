import { phandleOf, walk } from "dtc-js";
import { hex } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { domainPath } from "../claims.ts";
import { limits } from "../limits.ts";
import type { Rule } from "../rule.ts";
import { brings } from "../versions.ts";

/** XI4627: a node of a partial tree, wherever it is, has a phandle that this release keeps for itself. */
export const phandleReserved: Rule<ResolvedSystem> = {
  name: "phandle-reserved",
  *check({ domains, target }) {
    if (!brings(target, "phandlesReserved")) return;
    for (const domain of domains)
      for (const { node, path } of domain.passthrough ? walk(domain.passthrough.tree) : []) {
        const phandle = phandleOf(node);
        if (phandle === undefined || phandle <= limits.phandle) continue;
        yield diagnose(
          "XI4627",
          { node: path, phandle: hex(phandle), limit: hex(limits.phandle), target: formatTarget(target) },
          { primary: { path: domainPath(domain, "passthrough") } },
        );
        break;
      }
  },
};
