import { indentAt, lineStart } from "../indent.ts";

/** One replacement in a text; offsets are those of the text before. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** By place; what is inserted at one place stays in order, and removals that overlap become one. */
export function tidyEdits(edits: readonly TextEdit[]): readonly TextEdit[] {
  const tidy: TextEdit[] = [];
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const last = tidy.at(-1);
    if (last && edit.start < last.end) {
      tidy[tidy.length - 1] = { ...last, end: Math.max(last.end, edit.end), text: last.text + edit.text };
    } else tidy.push(edit);
  }
  return tidy;
}

/** The text after edits that are in order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const edit of edits) {
    pieces.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return pieces.join("") + text.slice(at);
}

const isBlank = (character: string | undefined): boolean => character === " " || character === "\t";

/** Whether nothing stands before an offset on its line. */
export const beginsLine = (text: string, offset: number): boolean =>
  indentAt(text, offset).length === offset - lineStart(text, offset);

const skipBlanks = (text: string, offset: number): number => {
  let at = offset;
  while (isBlank(text[at])) at++;
  return at;
};

/** Whether a line ends at an offset. */
export const endsLine = (text: string, offset: number): boolean =>
  offset >= text.length || text[offset] === "\n" || (text[offset] === "\r" && text[offset + 1] === "\n");

const comment = /[ \t]*(?:\/\*[^]*?\*\/|\/\/[^\n]*)/y;

/** Behind the comments that begin on the same line: what is inserted there does not come between. */
export function behindComments(text: string, offset: number): number {
  let at = offset;
  for (;;) {
    comment.lastIndex = at;
    const match = comment.exec(text);
    if (!match) return at;
    at += match[0].endsWith("\r") ? match[0].length - 1 : match[0].length;
  }
}

/** A statement that goes, with its line if nothing else is on it. */
export function removal(text: string, start: number, end: number): TextEdit {
  const after = skipBlanks(text, end);
  if (!endsLine(text, after)) return { start, end: after, text: "" };
  if (beginsLine(text, start)) {
    const next = text.indexOf("\n", after);
    return { start: lineStart(text, start), end: next < 0 ? text.length : next + 1, text: "" };
  }
  let from = start;
  while (isBlank(text[from - 1])) from--;
  return { start: from, end, text: "" };
}
