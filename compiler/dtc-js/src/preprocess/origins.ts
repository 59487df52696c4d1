import { indentAt, lineStart } from "../indent.ts";
import type { Origins, SourceSpan, Span, TakenComment } from "../span.ts";
import { includesOf, placeIn, type Frame } from "./frame.ts";
import { lastAtMost } from "./spliced.ts";

/** A part of the text that was made, and where it came from. */
export interface Piece {
  readonly frame: Frame;
  /** In the frame's joined text. A macro's expansion is at its use, as a whole. */
  readonly start: number;
  readonly end: number;
  readonly macro?: string;
}

/** A comment in the frame's joined text, and the offset in the text that was made where it would stand. */
export interface Comment {
  readonly frame: Frame;
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

interface Made {
  readonly text: string;
  /** Where each piece begins in the text. */
  readonly starts: readonly number[];
  readonly pieces: readonly Piece[];
  readonly comments: readonly Comment[];
}

/** The way back from the text that was made to the texts that were read. */
export function originsOf({ text, starts, pieces, comments }: Made): Origins {
  const offsetIn = (index: number, piece: Piece, at: number): number =>
    Math.min(piece.start + at - (starts[index] ?? 0), piece.end);
  const locate = (start: number, end: number): SourceSpan | undefined => {
    const index = lastAtMost(starts, start);
    const piece = pieces[index];
    if (!piece) return undefined;
    const from = piece.macro === undefined ? offsetIn(index, piece, start) : piece.start;
    const lastIndex = end > start ? lastAtMost(starts, end - 1) : index;
    const last = pieces[lastIndex] ?? piece;
    const to = last.macro === undefined ? offsetIn(lastIndex, last, end) : last.end;
    if (last.frame !== piece.frame || to < from) return placeIn(piece.frame, from, from);
    return placeIn(piece.frame, from, end > start ? to : from);
  };
  /** Behind what stands in front of `end`; undefined where that is not all that a macro made. */
  const endIn = (end: number): { readonly frame: Frame; readonly at: number } | undefined => {
    const index = lastAtMost(starts, end - 1);
    const piece = pieces[index];
    if (!piece) return undefined;
    if (piece.macro === undefined) return { frame: piece.frame, at: offsetIn(index, piece, end) };
    const rest = text.slice(end, starts[index + 1]);
    return rest.trim() === "" ? { frame: piece.frame, at: piece.end } : undefined;
  };
  return {
    locate,
    file: (offset) => pieces[lastAtMost(starts, offset)]?.frame.input.source.name,
    trail: (offset) => {
      const piece = pieces[lastAtMost(starts, offset)];
      if (!piece) return [];
      const { frame, start, end, macro } = piece;
      const expanded =
        macro === undefined ? [] : [{ kind: "macro" as const, name: macro, span: placeIn(frame, start, end) }];
      return [...expanded, ...includesOf(frame)];
    },
    original: (start, end): Span | undefined => {
      const index = lastAtMost(starts, start);
      const first = pieces[index];
      const last = end > start ? endIn(end) : undefined;
      // One reading of a file: what stands between two of them is in neither.
      if (!first || first.macro !== undefined || !last || originOf(first.frame) !== originOf(last.frame))
        return undefined;
      const { input } = first.frame;
      return {
        source: input.source,
        start: input.original(offsetIn(index, first, start)),
        end: input.original(last.at - 1) + 1,
      };
    },
    comments: () => comments.map(taken),
  };
}

/** What tells one reading of a file from another: where it was included. Frames that `#line` makes have the same. */
const originOf = (frame: Frame): unknown => frame.from ?? frame.input;

function taken({ frame: { input }, start, end, offset }: Comment): TakenComment {
  const { text } = input.source;
  const [from, to] = [input.original(start), input.original(end - 1) + 1];
  const line = input.text.startsWith("//", start);
  return {
    offset,
    // A line comment that is continued is one all the same.
    text: line ? input.text.slice(start, end) : text.slice(from, to),
    indent: indentAt(text, from),
    beginsLine: text.slice(lineStart(text, from), from).trim() === "",
  };
}
