import { branchesOf } from "./branches.ts";
import type { SourceFile, Span } from "../span.ts";

/** Where things stand in the text that is changed. */
export interface Here {
  readonly file: SourceFile;
  /** The same stretch of the text itself; undefined where an included file or a macro says it. */
  readonly span: (span: Span | undefined) => Span | undefined;
  /** Whether the text has no `#include`, `#if` and the like in a stretch: it can be replaced as a whole. */
  readonly plain: (span: Span) => boolean;
  /** Whether two places are read or skipped together, whatever is defined. */
  readonly together: (a: number, b: number) => boolean;
}

/** In a text that is read as it is. */
export const hereIn = (file: SourceFile): Here => ({
  file,
  span: (span) => (span?.source === file ? span : undefined),
  plain: () => true,
  together: () => true,
});

/** In a text that goes through the preprocessor first. */
export function hereBefore(file: SourceFile): Here {
  const branches = branchesOf(file.text);
  return {
    file,
    span: (span) => {
      const original = span?.source.origins?.original(span.start, span.end);
      return original?.source === file ? original : undefined;
    },
    plain: ({ start, end }) => branches.none(start, end),
    together: (a, b) => branches.at(a) === branches.at(b),
  };
}

/** Nothing stands in the text: all that is said is new. */
export const nowhere = (file: SourceFile): Here => ({ ...hereIn(file), span: () => undefined });
