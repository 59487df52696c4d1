import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { isParked } from "../pools.ts";
import type { Rule } from "../rule.ts";

/** XI4441: upstream Xen panics on a pool that names a CPU which it has left off (row F6), with or without domains. */
export const cpuLeftOff: Rule<ResolvedSystem> = {
  name: "cpu-left-off",
  *check(system) {
    const boot = system.board.cpus[0]?.model ?? "of no known model";
    for (const { name, cpus } of system.cpupools) {
      const cpu = cpus.find((each) => isParked(each, system));
      if (cpu === undefined) continue;
      const model = cpu.model ?? "of no known model";
      const params = { hypervisor: formatTarget(system.target), cpu: cpu.label, model, boot };
      yield diagnose("XI4441", params, { primary: { path: ["cpupools", name, "cpus"] } });
    }
  },
};
