import type { Diagnostic, Fix } from "./diagnostic.ts";

type LocatedFix = Required<Fix>;

/** The fixes of a file that can be made together: of two that meet, the one that begins first. */
export function fixesOf(file: string, diagnostics: readonly Diagnostic[]): readonly LocatedFix[] {
  const all = diagnostics
    .flatMap(({ fix }) => (fix?.span?.file === file ? [{ text: fix.text, span: fix.span }] : []))
    .sort((a, b) => a.span.start.offset - b.span.start.offset);
  let end = 0;
  return all.filter(({ span }) => {
    if (span.start.offset < end) return false;
    end = span.end.offset;
    return true;
  });
}

/** The text with each fix in its place; `fixes` as `fixesOf` gives them. */
export function fixed(text: string, fixes: readonly LocatedFix[]): string {
  let at = 0;
  const pieces = fixes.flatMap(({ text: replacement, span }) => {
    const before = text.slice(at, span.start.offset);
    at = span.end.offset;
    return [before, replacement];
  });
  return [...pieces, text.slice(at)].join("");
}
