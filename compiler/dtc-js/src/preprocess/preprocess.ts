import type { Diagnostic, Result } from "../diagnostic.ts";
import type { IncludeResolver } from "../parse/include.ts";
import { answer, refusal } from "../result.ts";
import type { SourceFile } from "../span.ts";
import { tokensOf } from "./lexer.ts";
import { DefinitionError, readMacro } from "./macro.ts";
import { Reader } from "./reader.ts";
import { Run, Stop } from "./run.ts";

/** Macros by name, or by name and parameters (`"F(x)"`), with what they stand for; `true` stands for 1. */
export type Defines = Readonly<Record<string, string | number | true>>;

export interface PreprocessOptions {
  /** Finds what `#include` names. */
  readonly include?: IncludeResolver;
  readonly defines?: Defines;
}

/** What `cpp -undef -x assembler-with-cpp` defines. */
const predefined: Defines = { __STDC__: 1, __STDC_HOSTED__: 1, __ASSEMBLER__: 1 };

/**
 * Does what the C preprocessor does to a source before dtc reads it: includes, macros, conditionals, comments. The text
 * has line markers, for others; `parse` knows also the column of everything in it. Never throws for what stands in the
 * source; `value` is absent where a diagnostic is an error.
 */
export function preprocess(source: SourceFile | string, options: PreprocessOptions = {}): Result<SourceFile> {
  const given = typeof source === "string" ? { name: "<source>", text: source } : source;
  const run = new Run(options.include);
  for (const [name, value] of Object.entries({ ...predefined, ...options.defines })) define(run, name, value);
  try {
    new Reader(run, { input: run.input(given), file: given.name, shift: 0, depth: 0 }).read();
  } catch (fault) {
    if (!(fault instanceof Stop)) throw fault;
  }
  const { diagnostics } = run;
  if (diagnostics.some(({ severity }) => severity === "error")) return refusal(diagnostics);
  return answer({ ...given, ...run.output.finish() }, diagnostics);
}

function define(run: Run, name: string, value: string | number | true): void {
  try {
    if (!/^\w+(?:\([\w ,.]*\))?$/.test(name)) throw new DefinitionError("macro names must be identifiers");
    run.define(readMacro(tokensOf(`${name} ${value === true ? "1" : value}`)));
  } catch (fault) {
    if (!(fault instanceof DefinitionError)) throw fault;
    const found: Diagnostic = { code: "macro", severity: "error", message: `"${name}": ${fault.message}` };
    run.diagnostics.push(found);
  }
}
