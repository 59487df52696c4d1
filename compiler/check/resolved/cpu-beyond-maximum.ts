import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { isBeyondMaximum } from "../pools.ts";
import type { Rule } from "../rule.ts";

/** XI4121: upstream Xen panics on a pool that names a CPU which `maxcpus` keeps off (row F6). */
export const cpuBeyondMaximum: Rule<ResolvedSystem> = {
  name: "cpu-beyond-maximum",
  *check(system) {
    for (const { name, cpus } of system.cpupools) {
      const cpu = cpus.find((each) => isBeyondMaximum(each, system));
      if (cpu)
        yield diagnose(
          "XI4121",
          { hypervisor: formatTarget(system.target), cpu: cpu.label },
          { primary: { path: ["cpupools", name, "cpus"] } },
        );
    }
  },
};
