import { mostErrors } from "../diagnostics/capped.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Outcome } from "../diagnostics/diagnostic.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import type { ResolvedSystem } from "../ir/resolved.ts";
import type { LoadedSystem } from "./loader/loaded.ts";
import { loaderRules } from "./loader/rules.ts";
import { placedRules } from "./placed/rules.ts";
import { resolvedRules } from "./resolved/rules.ts";
import type { Rule } from "./rule.ts";

/** Contradictions that the text alone shows. All rules run; the system goes on unless one of them found an error. */
export const checkResolved = (system: ResolvedSystem): Outcome<ResolvedSystem> => run(resolvedRules, system);

/** What only the finished placement shows. */
export const checkPlaced = (system: PlacedSystem): Outcome<PlacedSystem> => run(placedRules, system);

/** What a boot loader does with the formats that are asked for. */
export const checkLoaded = (system: LoadedSystem): Outcome<LoadedSystem> => run(loaderRules, system);

function run<System>(rules: readonly Rule<System>[], system: System): Outcome<System> {
  const diagnostics: Diagnostic[] = rules.flatMap((rule) => [...upTo(mostErrors, rule.check(system))]);
  const broken = diagnostics.some((diagnostic) => diagnostic.severity === "error");
  return broken ? { diagnostics } : { value: system, diagnostics };
}

/** A rule stops where enough is found: a thousand banks in one place are half a million overlaps. Warnings are not counted: the error behind them decides. */
function* upTo(limit: number, found: Iterable<Diagnostic>): Iterable<Diagnostic> {
  let errors = 0;
  for (const diagnostic of found) {
    if (diagnostic.severity === "error" && errors === limit) {
      yield diagnose("XI4760", { code: diagnostic.code, limit });
      return;
    }
    if (diagnostic.severity === "error") errors += 1;
    yield diagnostic;
  }
}
