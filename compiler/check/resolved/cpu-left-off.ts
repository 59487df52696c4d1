import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { argumentValues } from "../bootargs.ts";
import { domainPath } from "../claims.ts";
import { domainsByGroup } from "../pools.ts";
import type { Rule } from "../rule.ts";

/**
 * XI4441: upstream Xen parks CPUs that differ from the boot CPU, unless `hmp-unsafe` is given (row A14;
 * docs/misc/xen-command-line.pandoc), and then panics on the pool that names them (row F6).
 */
export const cpuLeftOff: Rule<ResolvedSystem> = {
  name: "cpu-left-off",
  *check(system) {
    const { board, hypervisor, target } = system;
    const [boot] = board.cpus;
    if (target.hypervisor === "core" || boot?.model === undefined || takesAll(hypervisor.bootargs)) return;
    for (const { group, domains } of domainsByGroup(system)) {
      const cpu = group.cpus.find(({ model }) => model !== boot.model);
      const [domain] = domains;
      if (cpu === undefined || domain === undefined) continue;
      const params = {
        hypervisor: formatTarget(target),
        cpu: cpu.label,
        model: cpu.model ?? "another",
        boot: boot.model,
      };
      yield diagnose("XI4441", params, { primary: { path: domainPath(domain, "pool") } });
    }
  },
};

const takesAll = (bootargs: string): boolean =>
  bootargs.split(/\s+/).includes("hmp-unsafe") ||
  ["1", "on", "yes", "true", "enable"].includes(argumentValues(bootargs, "hmp-unsafe").at(-1) ?? "");
