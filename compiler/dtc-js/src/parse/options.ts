import type { PreprocessOptions } from "../preprocess/preprocess.ts";
import type { IncludeResolver } from "./include.ts";

/** Finds the bytes that `/incbin/` names; undefined where there are none. `from` is the file that names them. */
export type BinaryResolver = (path: string, from: string) => Uint8Array | undefined;

export interface ParseOptions {
  /** Without it, every `/include/` and `#include` is an error. */
  readonly include?: IncludeResolver;
  /** Without it, every `/incbin/` is an error. */
  readonly binary?: BinaryResolver;
  /** Comments stay with what they stand at, in `comments`. */
  readonly comments?: boolean;
  /** Runs the C preprocessor's part first: `#include`, `#define`, `#if`. `include` finds its files too. */
  readonly preprocess?: boolean | Pick<PreprocessOptions, "defines">;
  /** Numbers that are too large: refused, as dtc 1.6 does, or cut with a warning, as dtc 1.8 does. */
  readonly overflow?: "error" | "truncate";
}
