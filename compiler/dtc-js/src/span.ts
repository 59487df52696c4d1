/** One text that was read: a file, an included file, or a string that has no file. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
  /** The text holds one character a byte, as a file has them: columns count bytes, and strings keep theirs. */
  readonly encoding?: "bytes";
  /** Where each part of it came from, where `preprocess` made it. */
  readonly origins?: Origins;
}

/** The way back from a preprocessed text, by its offsets, to the files that it was made of. */
export interface Origins {
  /** Where a stretch stood; what a macro made stands where the macro was used. */
  readonly locate: (start: number, end: number) => SourceSpan | undefined;
  /** Name of the source that stood there, whatever `#line` calls it. */
  readonly file: (offset: number) => string | undefined;
  /** How it came to be in the text. */
  readonly trail: (offset: number) => readonly Trail[];
  /** The same stretch in the file that its ends were copied from; undefined where a macro made one of them. */
  readonly original: (start: number, end: number) => Span | undefined;
  /** The comments that were taken out of the files of which anything is left, in order. */
  readonly comments: () => readonly TakenComment[];
}

/** A comment that the preprocessor took out of a text. */
export interface TakenComment {
  /** Where it stood, in the text that is left. */
  readonly offset: number;
  /** With its delimiters. */
  readonly text: string;
  /** The blanks that its line began with. */
  readonly indent: string;
  /** Nothing stood before it on its line. */
  readonly beginsLine: boolean;
}

/** One step on the way from a place to the file that was given: a macro's use, or the directive that includes. */
export interface Trail {
  readonly kind: "include" | "macro";
  /** The macro's. */
  readonly name?: string;
  readonly span: SourceSpan;
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

/** `# 12 "file"`: what a preprocessor says of the lines that follow. */
export interface LineMarker {
  /** Behind the marker, on the line that it stands on. */
  readonly offset: number;
  /** Number of the next line in its file. */
  readonly line: number;
  readonly file: string;
}

const lineMarkersOf = new WeakMap<SourceFile, LineMarker[]>();

/** Notes a marker; those of one source come by rising offset. */
export function noteLineMarker(source: SourceFile, marker: LineMarker): void {
  const known = lineMarkersOf.get(source);
  if (!known) lineMarkersOf.set(source, [marker]);
  else if (marker.offset > (known.at(-1)?.offset ?? -1)) known.push(marker);
}

/** Turns a compact span into lines and columns, of the file that a preprocessor read where it says so. */
export function locate({ source, start, end }: Span): SourceSpan {
  const origin = source.origins?.locate(start, end);
  if (origin) return origin;
  const marker = lineMarkersOf.get(source)?.findLast(({ offset }) => offset <= start);
  const shift = marker ? marker.line - positionOf(source, marker.offset).line - 1 : 0;
  const place = (offset: number): Position => {
    const position = positionOf(source, offset);
    return shift === 0 ? position : { ...position, line: position.line + shift };
  };
  return { file: marker?.file ?? source.name, start: place(start), end: place(end) };
}

/** How what stands there came into the text: macros and includes, innermost first. Only where `preprocess` made it. */
export const trailOf = ({ source, start }: Span): readonly Trail[] => source.origins?.trail(start) ?? [];

/** The name of the file that is read there: the one that names in it are relative to. */
export const fileAt = ({ source, start }: Span): string => source.origins?.file(start) ?? source.name;
