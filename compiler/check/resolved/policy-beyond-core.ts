import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Rule } from "../rule.ts";

/** XI4125: the core isolates by construction and has no security module that a policy could steer. */
export const policyBeyondCore: Rule<ResolvedSystem> = {
  name: "policy-beyond-core",
  *check({ target, hypervisor }) {
    if (target.hypervisor !== "core" || hypervisor.xsmPolicy === undefined) return;
    yield diagnose("XI4125", {}, { primary: { path: ["hypervisor", "xsmPolicy"] } });
  },
};
