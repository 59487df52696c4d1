export type Severity = "error" | "warning" | "info";

/** Where in the user's configuration object: `["domains", "ui", "memory", 0, "at"]`. */
export type ConfigPath = readonly (string | number)[];

/** A stretch of a source file. Lines and columns count from 1, columns in UTF-16 units; `end` is exclusive. */
export interface SourceSpan {
  readonly file: string;
  readonly start: { readonly line: number; readonly column: number; readonly offset: number };
  readonly end: { readonly line: number; readonly column: number; readonly offset: number };
}

/** A place that a diagnostic points at: known by config path, by span, or (once located) by both. */
export interface Label {
  readonly path?: ConfigPath;
  readonly span?: SourceSpan;
  /** With "key", the name at `path` is meant rather than its value. */
  readonly at?: "key";
  /** What this place has to do with the problem; absent where the message says it all. */
  readonly text?: string;
}

/** Data only: no colour, no file name and no "error:" inside the text. */
export interface Diagnostic {
  /** Permanent: `XI4001`. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly primary?: Label;
  readonly labels: readonly Label[];
  readonly help?: string;
  readonly fix?: Fix;
}

/** What would be right, as source text, and once it is located the name or literal that it replaces. */
export interface Fix {
  readonly text: string;
  readonly span?: SourceSpan;
}

/** What each stage returns: a value unless it had errors; never an exception for what a user wrote. */
export interface Outcome<T> {
  readonly value?: T;
  readonly diagnostics: readonly Diagnostic[];
}
