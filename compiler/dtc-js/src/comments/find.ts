import { indentAt } from "../indent.ts";
import { behindQuoted } from "../quoted.ts";
import type { SourceFile } from "../span.ts";

/** A comment of a text. */
export interface Found {
  readonly start: number;
  /** Where it was taken out of the text, nothing is between start and end. */
  readonly end: number;
  /** With its delimiters. */
  readonly text: string;
  /** The blanks that its line begins with. */
  readonly indent: string;
  /** Nothing stands before it on its line, whatever the text looks like there. */
  readonly apart: boolean;
}

/** Comments, and what they may seem to begin in: a reference by path has slashes, too. */
const tokens = /\/\*[^]*?\*\/|\/\/[^\n]*|["']|&\{[^}]*\}/g;

/** All comments of a source, in order: those that stand in it, or those that the preprocessor took out of it. */
export const commentsOf = ({ text, origins }: SourceFile): readonly Found[] =>
  origins
    ? origins
        .comments()
        .map(({ offset, beginsLine, ...said }) => ({ ...said, start: offset, end: offset, apart: beginsLine }))
    : findComments(text);

function findComments(text: string): readonly Found[] {
  const found: Found[] = [];
  tokens.lastIndex = 0;
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    const start = match.index;
    if (text[start] === "/") {
      found.push({ start, end: tokens.lastIndex, text: match[0], indent: indentAt(text, start), apart: false });
    } else if (text[start] !== "&") tokens.lastIndex = behindQuoted(text, start);
  }
  return found;
}
