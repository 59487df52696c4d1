import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ConfigPath } from "../../diagnostics/diagnostic.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { Target } from "../../ir/target.ts";
import { formatTarget } from "../../ir/target.ts";
import { commandLineScheduler } from "../pools.ts";
import type { Rule } from "../rule.ts";

/** The core's today: both credit schedulers' promise of fair shares is kept by its round robin. */
const coreSchedulers: readonly string[] = ["null", "credit", "credit2"];
const xenSchedulers: readonly string[] = [...coreSchedulers, "rtds", "arinc653"];

/**
 * XI4403: the target has no such scheduler. Upstream panics on a pool's name that it was built without (row F1), and
 * takes its default for one on the command line.
 */
export const schedulerMissing: Rule<ResolvedSystem> = {
  name: "scheduler-missing",
  *check(system) {
    const { hypervisor, known } = schedulersOf(system.target);
    for (const { scheduler, path } of named(system))
      if (scheduler !== undefined && !known.includes(scheduler))
        yield diagnose("XI4403", { hypervisor, scheduler, known: known.join(", ") }, { primary: { path } });
  },
};

const schedulersOf = (target: Target): { readonly hypervisor: string; readonly known: readonly string[] } =>
  target.hypervisor === "core"
    ? { hypervisor: "the core", known: coreSchedulers }
    : { hypervisor: formatTarget(target), known: xenSchedulers };

/** Where a system names a scheduler: for a pool, and for all pools that name none. */
const named = ({ hypervisor, cpupools }: ResolvedSystem): { scheduler: string | undefined; path: ConfigPath }[] => [
  { scheduler: commandLineScheduler(hypervisor.bootargs), path: ["hypervisor", "bootargs"] },
  ...cpupools.map(({ name, scheduler }) => ({ scheduler, path: ["cpupools", name, "scheduler"] })),
];
