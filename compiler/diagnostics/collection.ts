import type { Diagnostic, Label, SourceSpan } from "./diagnostic.ts";

/** Gives each label its place in the source, as far as `locate` knows it, and sorts by place, then code. */
export function arrange(
  diagnostics: readonly Diagnostic[],
  locate: (label: Label) => SourceSpan | undefined,
): readonly Diagnostic[] {
  return diagnostics
    .map((diagnostic) => located(diagnostic, locate))
    .map((diagnostic, index) => ({ diagnostic, index }))
    .sort((a, b) => compare(a.diagnostic, b.diagnostic) || a.index - b.index)
    .map(({ diagnostic }) => diagnostic);
}

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ severity }) => severity === "error");

function located(diagnostic: Diagnostic, locate: (label: Label) => SourceSpan | undefined): Diagnostic {
  const place = (label: Label): Label => {
    const span = label.span ?? locate(label);
    return span === undefined ? label : { ...label, span };
  };
  return {
    ...diagnostic,
    ...(diagnostic.primary && { primary: place(diagnostic.primary) }),
    labels: diagnostic.labels.map(place),
  };
}

/** What has no place comes last. */
function compare(a: Diagnostic, b: Diagnostic): number {
  const left = a.primary?.span;
  const right = b.primary?.span;
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
  return left.start.offset - right.start.offset || compareText(a.code, b.code);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
