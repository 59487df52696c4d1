import type { SourceFile } from "dtc-js";
import { locate } from "dtc-js";
import type { Code, ParamsOf } from "../diagnostics/catalogue.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** A stretch of the file that is imported, half-open, in UTF-16 units. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The diagnostic `code` at a place in the file. */
export const diagnoseAt = <C extends Code>(
  code: C,
  params: ParamsOf<C>,
  source: SourceFile,
  { start, end }: Stretch,
): Diagnostic => diagnose(code, params, { primary: { span: locate({ source, start, end }) } });
