import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** How a proof tells a rollback index, where there is one. */
export const rollbackLines = (index: number): readonly string[] =>
  index === 0 ? [] : [`rollback index: ${index}, which no boot loader looks at`];

/** XI6066: what is sound, but older than is wanted. `found` is undefined where there is nothing to go by. */
export const tooOld = (file: string, found: number | undefined, least: number): readonly Diagnostic[] =>
  found !== undefined && found >= least
    ? []
    : [diagnose("XI6066", { file, found: found === undefined ? "none" : String(found), least: String(least) })];
