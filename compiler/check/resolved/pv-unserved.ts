import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/**
 * XI4950: a device that no backend offers without a toolstack: Linux's kernel has a frontend of 9pfs alone, the backends
 * are programs that a toolstack starts, and `xl` attaches none to a domain that runs (xl(1)).
 */
export const pvUnserved: Rule<ResolvedSystem> = {
  name: "pv-unserved",
  *check({ pv }) {
    for (const [index, { kind }] of pv.entries())
      if (kind === "9pfs") yield diagnose("XI4950", {}, { primary: { path: ["pv", index, "kind"] } });
  },
};
