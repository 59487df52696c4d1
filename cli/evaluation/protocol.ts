/** What the evaluating thread is asked to do. */
export interface EvaluationRequest {
  /** Absolute path of the configuration. */
  readonly file: string;
  /** From `--set name=value`; handed to the configuration where its default export is a function. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What the thread says when it is about to load the configuration: from here on, time and blame are the configuration's. */
export const started = "started";

/** What it answers, once. A thread that ends without an answer tells by its exit code why. */
export type EvaluationAnswer =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "no-default" }
  | { readonly kind: "no-parameters" }
  | { readonly kind: "not-plain"; readonly path: readonly (string | number)[]; readonly what: string }
  | {
      readonly kind: "syntax";
      readonly problem: string;
      readonly file: string;
      readonly line: number;
      readonly column: number;
    }
  | { readonly kind: "not-found"; readonly specifier: string; readonly importer: string }
  | { readonly kind: "threw"; readonly error: string; readonly frames: readonly Frame[] };

/** A line of a stack trace that lies in a file. */
export interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The exit code of a Node thread whose top-level await never settles. */
export const unsettledExitCode = 13;
