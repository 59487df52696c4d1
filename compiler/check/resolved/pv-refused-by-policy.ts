import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedDomain, ResolvedSystem } from "../../ir/resolved.ts";
import { argumentValues } from "../bootargs.ts";
import type { Rule } from "../rule.ts";

/**
 * XI4957: upstream's SILO policy, the default on Arm, lets ordinary domains talk to privileged ones alone: the drivers of a
 * link between two of them get -EPERM, as observed of 4.17. Once for each pair.
 */
export const pvRefusedByPolicy: Rule<ResolvedSystem> = {
  name: "pv-refused-by-policy",
  *check({ target, hypervisor, pv, domains }) {
    if (target.hypervisor === "core" || hypervisor.xsmPolicy !== undefined) return;
    const policy = argumentValues(hypervisor.bootargs, "xsm").at(-1);
    if (policy !== undefined && policy !== "silo") return;
    const privileged = new Set(domains.filter(isPrivileged).map(({ name }) => name));
    const told = new Set<string>();
    for (const [index, { backend, frontend }] of pv.entries()) {
      const pair = JSON.stringify([backend, frontend].toSorted());
      if (privileged.has(backend) || privileged.has(frontend) || told.has(pair)) continue;
      told.add(pair);
      yield diagnose("XI4957", { backend, frontend }, { primary: { path: ["pv", index] } });
    }
  },
};

const isPrivileged = ({ capabilities = [] }: ResolvedDomain): boolean => capabilities.includes("control");
