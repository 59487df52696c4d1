import type { Diagnostic, Outcome } from "../diagnostics/diagnostic.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import type { ResolvedSystem } from "../ir/resolved.ts";
import { placedRules } from "./placed/rules.ts";
import { resolvedRules } from "./resolved/rules.ts";
import type { Rule } from "./rule.ts";

/** Contradictions that the text alone shows. All rules run; the system goes on unless one of them found an error. */
export const checkResolved = (system: ResolvedSystem): Outcome<ResolvedSystem> => run(resolvedRules, system);

/** What only the finished placement shows. */
export const checkPlaced = (system: PlacedSystem): Outcome<PlacedSystem> => run(placedRules, system);

function run<System>(rules: readonly Rule<System>[], system: System): Outcome<System> {
  const diagnostics: Diagnostic[] = rules.flatMap((rule) => [...rule.check(system)]);
  const broken = diagnostics.some((diagnostic) => diagnostic.severity === "error");
  return broken ? { diagnostics } : { value: system, diagnostics };
}
