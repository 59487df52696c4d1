/** One text that was read: a file, an included file, or a string that has no file. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** A stretch of a source file, half-open, in UTF-16 units. Small on purpose: a big tree has many. See `locate`. */
export interface Span {
  readonly source: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** Lines and columns count from 1; columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A span as people read it. `end` is exclusive. */
export interface SourceSpan {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

const lineStartsOf = new WeakMap<SourceFile, readonly number[]>();

function lineStarts(source: SourceFile): readonly number[] {
  const known = lineStartsOf.get(source);
  if (known) return known;
  const starts = [0];
  for (let at = source.text.indexOf("\n"); at >= 0; at = source.text.indexOf("\n", at + 1)) starts.push(at + 1);
  lineStartsOf.set(source, starts);
  return starts;
}

/** Line and column of an offset. */
export function positionOf(source: SourceFile, offset: number): Position {
  const starts = lineStarts(source);
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1, offset };
}

/** Turns a compact span into lines and columns. */
export const locate = (span: Span): SourceSpan => ({
  file: span.source.name,
  start: positionOf(span.source, span.start),
  end: positionOf(span.source, span.end),
});
