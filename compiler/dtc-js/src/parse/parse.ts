import { checkStructure } from "../check/structure.ts";
import type { Diagnostic, Result } from "../diagnostic.ts";
import { resolveReferences } from "../resolve/resolve.ts";
import { locate, type SourceFile } from "../span.ts";
import type { DeviceTree } from "../tree.ts";
import { ParseContext } from "./context.ts";
import { FatalFault } from "./fault.ts";
import { readFile, type SourceTree } from "./file.ts";
import { freeze } from "./freeze.ts";
import type { IncludeResolver } from "./include.ts";

export interface ParseOptions {
  /** Without it, every `/include/` and `#include` is an error. */
  readonly include?: IncludeResolver;
}

/**
 * Reads source text; references are resolved and phandles allocated, as `dtc` does it. Whatever the text is, the
 * answer is a tree or diagnostics; only an include resolver that throws is passed on.
 */
export function parse(source: string | SourceFile, options: ParseOptions = {}): Result<DeviceTree> {
  const file = typeof source === "string" ? { name: "<source>", text: source } : source;
  const diagnostics: Diagnostic[] = [];
  const context = new ParseContext(file, options.include, diagnostics);
  const draft = readAll(context, diagnostics);
  if (!draft || diagnostics.length > 0) return { diagnostics };
  const checked = checkStructure(freeze(draft.root, draft.reservations));
  return checked.value ? resolveReferences(checked.value) : checked;
}

function readAll(context: ParseContext, diagnostics: Diagnostic[]): SourceTree | undefined {
  try {
    return readFile(context);
  } catch (fault) {
    if (!(fault instanceof FatalFault)) throw fault;
    // No limit on this one: it is the last.
    diagnostics.push({ code: fault.code, severity: "error", message: fault.message, span: locate(fault.span) });
    return undefined;
  }
}
