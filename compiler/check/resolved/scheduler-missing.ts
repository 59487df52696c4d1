import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { formatTarget } from "../../ir/target.ts";
import { commandLineScheduler } from "../pools.ts";
import type { Rule } from "../rule.ts";

/** Of the core too: its credit2 keeps the promise of both credit schedulers. */
const known: readonly string[] = ["null", "credit", "credit2", "rtds", "arinc653"];

/**
 * XI4403: the command line names a scheduler that nobody has; a pool's is one of these. Upstream takes its default
 * instead, the core stops.
 */
export const schedulerMissing: Rule<ResolvedSystem> = {
  name: "scheduler-missing",
  *check({ target, hypervisor: { bootargs } }) {
    const scheduler = commandLineScheduler(bootargs);
    if (scheduler === undefined || known.includes(scheduler)) return;
    const hypervisor = target.hypervisor === "core" ? "the core" : formatTarget(target);
    const path = ["hypervisor", "bootargs"];
    yield diagnose("XI4403", { hypervisor, scheduler, known: known.join(", ") }, { primary: { path } });
  },
};
