import { readFileSync } from "node:fs";
import type { Label, SourceSpan } from "../../compiler/index.ts";

/** Places in a user's file, found by text: the evaluation itself knows lines at best. */

/** The word that starts at a line and column, both from 1. */
export function pointAt(file: string, line: number, column: number): Label {
  const text = textOf(file);
  const start = offsetOf(text, line) + column - 1;
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

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // The place is then line 1 of a file that has gone meanwhile.
    return "";
  }
}

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
