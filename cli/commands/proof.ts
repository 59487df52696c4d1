import type { Diagnostic } from "../../compiler/index.ts";

/** What was found, and what a sound image rests on. */
export interface Proof {
  readonly diagnostics: readonly Diagnostic[];
  /** A line a step. */
  readonly trust?: string;
  /** The lowest of what a board may boot of it; absent where none of it tells one. */
  readonly rollbackIndex?: number;
}

export const refused = (...diagnostics: readonly Diagnostic[]): Proof => ({ diagnostics });
