import { capped } from "../diagnostics/capped.ts";
import { arrange } from "../diagnostics/collection.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { CompileRequest } from "./request.ts";

/**
 * Gives diagnostics their places in the configuration's text. The parser is loaded only where there is something to
 * place: a sound system never needs it.
 */
export async function locate(
  diagnostics: readonly Diagnostic[],
  { file, text, variant }: Omit<CompileRequest["config"], "value">,
): Promise<readonly Diagnostic[]> {
  if (diagnostics.length === 0) return diagnostics;
  const { placesOf } = await import("../config/places/places.ts");
  return arrange(capped(diagnostics), placesOf(file, text, variant));
}
