/** What the evaluating thread is asked to do. */
export interface EvaluationRequest {
  /** Absolute path of the configuration. */
  readonly file: string;
  /** From `--set name=value`; handed to the configuration where its default export is a function. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What the thread answers, once, and what else ends it. */
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
  | { readonly kind: "unreadable"; readonly specifier: string; readonly importer: string; readonly reason: string }
  | { readonly kind: "threw"; readonly error: string; readonly frames: readonly Frame[] }
  /** Nothing is left to run, and an await still waits. */
  | { readonly kind: "unsettled" };

/** How an evaluation ended: with an answer, or without. */
export type Ending =
  | EvaluationAnswer
  /** "exit code 3", "SIGKILL" */
  | { readonly kind: "ended"; readonly by: string }
  | { readonly kind: "too-long"; readonly seconds: number };

/** What the evaluating process tells the command line. */
export type ProcessMessage = { readonly kind: "print"; readonly text: string } | Ending;

/** A line of a stack trace that lies in a file. */
export interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
