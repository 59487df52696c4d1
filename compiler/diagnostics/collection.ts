import type { Diagnostic, Label, SourceSpan } from "./diagnostic.ts";

/** What is known of a source text. */
export interface Places {
  /** Where a label's part is written: the nearest enclosing part that the text says plainly. */
  readonly spanOf: (label: Label) => SourceSpan | undefined;
  /** Exactly where, for a name or a literal that may be replaced by another. */
  readonly literalOf: (label: Label) => SourceSpan | undefined;
}

/** Gives each label its place in the source, and each fix, as far as `places` knows it; sorts by place, then code. */
export function arrange(diagnostics: readonly Diagnostic[], places: Places): readonly Diagnostic[] {
  return diagnostics
    .map((diagnostic) => located(diagnostic, places))
    .map((diagnostic, index) => ({ diagnostic, index }))
    .sort((a, b) => compare(a.diagnostic, b.diagnostic) || a.index - b.index)
    .map(({ diagnostic }) => diagnostic);
}

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ severity }) => severity === "error");

function located({ fix, ...diagnostic }: Diagnostic, { spanOf, literalOf }: Places): Diagnostic {
  const place = (label: Label): Label => {
    const span = label.span ?? spanOf(label);
    return span === undefined ? label : { ...label, span };
  };
  const literal = fix && diagnostic.primary && literalOf(diagnostic.primary);
  return {
    ...diagnostic,
    ...(literal && { fix: { text: fix.text, span: literal } }),
    ...(diagnostic.primary && { primary: place(diagnostic.primary) }),
    labels: diagnostic.labels.map(place),
  };
}

/** File by file; what has no place comes last. */
function compare(a: Diagnostic, b: Diagnostic): number {
  const left = a.primary?.span;
  const right = b.primary?.span;
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
  return compareText(left.file, right.file) || left.start.offset - right.start.offset || compareText(a.code, b.code);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
