import { positionOf, type Position, type SourceSpan, type Trail } from "../span.ts";
import type { Spliced } from "./spliced.ts";

/** One reading of a file: a file that is included twice has two. `#line` begins another, of the same file. */
export interface Frame {
  readonly input: Spliced;
  /** What `#line` calls it, or the source's name. */
  readonly file: string;
  /** What `#line` adds to the numbers of lines. */
  readonly shift: number;
  /** The directive that included it, in joined text. */
  readonly from?: { readonly frame: Frame; readonly start: number; readonly end: number };
  /** Zero for the file that was given. */
  readonly depth: number;
}

/** The line that an offset of the joined text is on, as the frame counts. */
export const lineOf = ({ input, shift }: Frame, offset: number): number =>
  positionOf(input.source, input.original(offset)).line + shift;

/** A stretch of the joined text, as people read it. */
export function placeIn({ input, file, shift }: Frame, start: number, end: number): SourceSpan {
  const position = (offset: number): Position => {
    const found = positionOf(input.source, input.original(offset));
    return shift === 0 ? found : { ...found, line: found.line + shift };
  };
  return { file, start: position(start), end: position(end) };
}

/** Which directives included the frame, innermost first. */
export function includesOf(frame: Frame): readonly Trail[] {
  const trail: Trail[] = [];
  for (let { from } = frame; from; { from } = from.frame) {
    trail.push({ kind: "include", span: placeIn(from.frame, from.start, from.end) });
  }
  return trail;
}
