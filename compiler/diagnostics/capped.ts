import { diagnose } from "./catalogue.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** Of one kind; more help nobody, and a list that a program makes may have one mistake in each of its items. */
export const mostErrors = 1000;

/** The first of each code's errors, and where there are more, that there are. Warnings are not counted: errors decide. */
export function capped(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const counts = new Map<string, number>();
  return diagnostics.flatMap((diagnostic) => {
    if (diagnostic.severity !== "error") return [diagnostic];
    const count = (counts.get(diagnostic.code) ?? 0) + 1;
    counts.set(diagnostic.code, count);
    if (count <= mostErrors) return [diagnostic];
    return count === mostErrors + 1 ? [diagnose("XI4760", { code: diagnostic.code, limit: mostErrors })] : [];
  });
}
