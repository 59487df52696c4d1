import type { SourceSpan } from "../../span.ts";

/** `file:line.column-line.column`, as short as it can be said. */
export function printPlace({ file, start, end }: SourceSpan): string {
  const from = `${file}:${start.line}.${start.column}`;
  if (start.line !== end.line) return `${from}-${end.line}.${end.column}`;
  return start.column === end.column ? from : `${from}-${end.column}`;
}
