import type { Diagnostic, Severity, SourceSpan } from "../diagnostic.ts";

/** What a renderer may ask about the world. */
export interface RenderContext {
  /** The text of a source file, for excerpts; undefined where it is not at hand. */
  readonly source: (file: string) => string | undefined;
  /** How a file is called in output: relative to where the user is. */
  readonly display: (file: string) => string;
  readonly color: boolean;
  /** The version of xenimg, for formats that name their producer. */
  readonly version: string;
}

export type Renderer = (diagnostics: readonly Diagnostic[], context: RenderContext) => string;

/** The place a diagnostic is about, where it has been located. */
export const spanOf = (diagnostic: Diagnostic): SourceSpan | undefined => diagnostic.primary?.span;

export const countOf = (diagnostics: readonly Diagnostic[], severity: Severity): number =>
  diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;

/** `domains.ui.memory[0].at`: names a place that has no position in a file. */
export const formatPath = (path: readonly (string | number)[]): string =>
  path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${part}`)).join("");
