import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4622: upstream Xen stops at a GICv2 that does not name the hypervisor's and the virtual interface (row A11). */
export const xenNeedsVirtualGic: Rule<ResolvedSystem> = {
  name: "xen-needs-virtual-gic",
  *check({ board: { gic, profile }, target }) {
    if (target.hypervisor === "xen" && gic.version === 2 && gic.virtualInterface === undefined)
      yield diagnose("XI4622", { board: profile.name }, { primary: { path: ["board", "deviceTree"] } });
  },
};
