import type { Frame } from "./protocol.ts";

interface Lines {
  readonly code: readonly string[];
  readonly source: readonly string[];
}

/** Of the files that this thread has transformed. */
const transformed = new Map<string, Lines>();

/**
 * The code to run for a file, from which the places in it lead back to its source. Both transformers keep lines. The code
 * begins on a line of its own, because jiti puts the head of a function before it.
 */
export function remember(file: string, source: string, code: string): string {
  transformed.set(file, { code: code.split("\n"), source: source.split("\n") });
  return `\n${code}`;
}

/** Where in the source a place in the running code was written. */
export function originalPlace(frame: Frame): Frame {
  const lines = transformed.get(frame.file);
  if (lines === undefined) return frame;
  const line = frame.line - 1;
  const column = originalColumn(lines.code[line - 1] ?? "", lines.source[line - 1] ?? "", frame.column);
  return { file: frame.file, line, column };
}

/** Columns move where types are taken out and imports renamed, but words keep their order. */
function originalColumn(code: string, source: string, column: number): number {
  const before = wordsOf(code).filter(({ index }) => index < column);
  // `import { f }; f()` becomes `_module.f.call(void 0)`, and the call is at its last word.
  const last = before.at(-1)?.[0] === "call" ? before.at(-2) : before.at(-1);
  const same = before.filter(([word]) => word === last?.[0]).indexOf(last as RegExpExecArray);
  const found = wordsOf(source).filter(([word]) => word === last?.[0])[same];
  return found === undefined ? Math.min(column, source.length + 1) : found.index + 1;
}

const wordsOf = (line: string): RegExpExecArray[] => [...line.matchAll(/[\w$]+/g)];
