import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Artifact } from "../ir/artifact.ts";
import type { PlacedSystem } from "../ir/placed.ts";

export interface CheckResult {
  /** Located in the configuration, sorted by place, then code. */
  readonly diagnostics: readonly Diagnostic[];
  /** Present unless a diagnostic is an error. */
  readonly placed?: PlacedSystem;
  /** What `xenimg.lock.json` has to hold from now on. */
  readonly lock?: string;
}

/** Of several systems. */
export interface TogetherResult extends Pick<CompileResult, "artifacts" | "diagnostics"> {
  /** Of each system in turn, what its lock file has to hold from now on. */
  readonly locks: readonly (string | undefined)[];
}

export interface CompileResult extends CheckResult {
  /** Present unless a diagnostic is an error. */
  readonly artifacts?: readonly Artifact[];
}
