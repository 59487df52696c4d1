import type { SourceSpan } from "./span.ts";

/**
 * What a diagnostic is about. Where dtc has a named check for the rule, the code is the check's name; the others are
 * ours.
 */
export type DiagnosticCode =
  | "syntax"
  | "literal"
  | "expression"
  | "include"
  | "unsupported"
  | "missing_target"
  | "duplicate_node_names"
  | "duplicate_property_names"
  | "node_name_chars"
  | "node_name_format"
  | "property_name_chars"
  | "name_is_string"
  | "name_properties"
  | "duplicate_label"
  | "explicit_phandles"
  | "phandle_references"
  | "path_references";

/** One finding. Data only: no file name and no "error:" inside the text. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: "error" | "warning";
  readonly message: string;
  /** Absent where the tree came from no source text. */
  readonly span?: SourceSpan;
  /** Another place that has to do with it: "also defined at". */
  readonly related?: SourceSpan;
}

/** `value` is present unless a diagnostic is an error. */
export interface Result<T> {
  readonly value?: T;
  readonly diagnostics: readonly Diagnostic[];
}
