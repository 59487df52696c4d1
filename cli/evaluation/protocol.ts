/** What the evaluating thread is asked to do. */
export interface EvaluationRequest {
  /** Absolute path of the configuration. */
  readonly file: string;
  /** Name of the export that is meant; absent: the default one. */
  readonly variant?: string;
  /** From `--set name=value`; handed to the configuration where its default export is a function. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What the thread answers, once, and what else ends it. */
export type EvaluationAnswer =
  | { readonly kind: "value"; readonly value: unknown }
  /** The export that is meant is not there, but these are. */
  | { readonly kind: "no-export"; readonly known: readonly string[] }
  | { readonly kind: "no-parameters" }
  | { readonly kind: "no-such-parameter"; readonly name: string; readonly known: readonly string[] }
  | { readonly kind: "bad-parameter"; readonly name: string; readonly found: string; readonly expected: string }
  /** The default of a parameter is no text, number, true or false. */
  | { readonly kind: "bad-default"; readonly name: string }
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

/** What the thread tells its process. */
export type ThreadMessage =
  /** The configuration is about to be loaded: from here on, the time is its own. */
  { readonly kind: "started" } | EvaluationAnswer;

/** How an evaluation ended: with an answer, or without. */
export type Ending =
  | EvaluationAnswer
  /** "exit code 3", "SIGKILL" */
  | { readonly kind: "ended"; readonly by: string }
  | { readonly kind: "too-long"; readonly seconds: number };

/** What the evaluating process tells the command line. */
export type ProcessMessage = { readonly kind: "started" } | { readonly kind: "print"; readonly text: string } | Ending;

/** A line of a stack trace that lies in a file. */
export interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
