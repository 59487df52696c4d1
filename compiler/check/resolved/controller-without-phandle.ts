import { findNode, phandleOf } from "dtc-js";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";
import { has } from "../versions.ts";

/** XI4626: these releases take the guest's interrupt parent from a /gic that names none (row F18, silent). */
export const controllerWithoutPhandle: Rule<ResolvedSystem> = {
  name: "controller-without-phandle",
  *check({ domains, target }) {
    if (!has(target, "controllerWithoutPhandle")) return;
    for (const domain of domains) {
      const gic = domain.passthrough && findNode(domain.passthrough.tree, "/gic");
      if (gic && phandleOf(gic) === undefined)
        yield diagnose(
          "XI4626",
          { target: formatTarget(target) },
          { primary: { path: domainPath(domain, "passthrough") } },
        );
    }
  },
};
