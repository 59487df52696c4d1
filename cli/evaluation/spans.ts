import type { Label, SourceSpan } from "../../compiler/index.ts";
import { readTextNow } from "../adapters/files.ts";

/** Places in a user's file, found by text: the evaluation itself knows lines at best. */

/** The word that starts at a line and column, both from 1. */
export function pointAt(file: string, line: number, column: number): Label {
  const text = textOf(file);
  // A stack can be forged: the place is then the end of the file.
  const start = Math.min(offsetOf(text, line) + column - 1, text.length);
  const word = /^(?:new )?[\w$.]+|^\S/.exec(text.slice(start))?.[0] ?? "";
  return { span: spanOf(file, text, start, start + word.length) };
}

/** The first match of a pattern, else the file's first line. */
export function find(file: string, pattern: RegExp): Label {
  const text = textOf(file);
  const match = pattern.exec(text);
  return match === null ? topOf(file) : { span: spanOf(file, text, match.index, match.index + match[0].length) };
}

/** The first occurrence of an exact text. */
export const findText = (file: string, text: string): Label =>
  find(file, new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));

export function topOf(file: string): Label {
  const text = textOf(file);
  const end = text.indexOf("\n");
  return { span: spanOf(file, text, 0, end === -1 ? text.length : end) };
}

/** The place is line 1 of a file that has gone meanwhile. */
const textOf = (file: string): string => readTextNow(file) ?? "";

function offsetOf(text: string, line: number): number {
  let offset = 0;
  for (let count = 1; count < line; count += 1) {
    const next = text.indexOf("\n", offset);
    if (next === -1) break;
    offset = next + 1;
  }
  return offset;
}

function spanOf(file: string, text: string, start: number, end: number): SourceSpan {
  const position = (offset: number): SourceSpan["start"] => {
    const before = text.slice(0, offset);
    return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n"), offset };
  };
  return { file, start: position(start), end: position(end) };
}
