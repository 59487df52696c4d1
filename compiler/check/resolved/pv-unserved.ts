import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/**
 * XI4950: a device that no backend offers without a toolstack: the kernels of ordinary domains have none (Linux has
 * backends of network and block devices), and `xl` attaches none to a domain that runs (xl(1)).
 */
export const pvUnserved: Rule<ResolvedSystem> = {
  name: "pv-unserved",
  *check({ pv }) {
    for (const [index, { kind }] of pv.entries())
      if (kind === "console" || kind === "9pfs")
        yield diagnose("XI4950", { kind }, { primary: { path: ["pv", index, "kind"] } });
  },
};
