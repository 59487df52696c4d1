import { behindQuoted } from "../quoted.ts";

/** A comment of a text, with its delimiters. */
export interface Found {
  readonly start: number;
  readonly end: number;
}

/** Comments, and what they may seem to begin in: a reference by path has slashes, too. */
const tokens = /\/\*[^]*?\*\/|\/\/[^\n]*|["']|&\{[^}]*\}/g;

/** All comments of a text, in order. */
export function findComments(text: string): readonly Found[] {
  const found: Found[] = [];
  tokens.lastIndex = 0;
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    if (text[match.index] === "/") found.push({ start: match.index, end: tokens.lastIndex });
    else if (text[match.index] !== "&") tokens.lastIndex = behindQuoted(text, match.index);
  }
  return found;
}
