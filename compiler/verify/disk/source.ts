import type { Piece } from "../../ir/artifact.ts";
import { pieceLength } from "../../ir/artifact.ts";

/** A disk's bytes wherever they are: nothing large is copied to read it. */
export interface Source {
  readonly size: number;
  /** The bytes from `at` on, as pieces; what is beyond the end is left out. */
  readonly range: (at: number, size: number) => readonly Piece[];
  /** The same in one array; for what is small. */
  readonly bytes: (at: number, size: number) => Uint8Array;
}

export function sourceOf(pieces: readonly Piece[]): Source {
  const starts: number[] = [];
  let total = 0;
  for (const piece of pieces) {
    starts.push(total);
    total += pieceLength(piece);
  }
  const range = (at: number, size: number): readonly Piece[] => {
    const end = Math.min(at + size, total);
    const found: Piece[] = [];
    for (let index = indexOf(starts, at), from = at; from < end; index++) {
      const piece = pieces[index];
      const start = starts[index];
      if (piece === undefined || start === undefined) break;
      const last = Math.min(end, start + pieceLength(piece));
      if (last > from) found.push(part(piece, from - start, last - start));
      from = Math.max(from, last);
    }
    return found;
  };
  const bytes = (at: number, size: number): Uint8Array => {
    const found = range(at, size);
    const [only] = found;
    if (found.length === 1 && only instanceof Uint8Array) return only;
    const whole = new Uint8Array(found.reduce((sum, piece) => sum + pieceLength(piece), 0));
    let to = 0;
    for (const piece of found) {
      if (piece instanceof Uint8Array) whole.set(piece, to);
      to += pieceLength(piece);
    }
    return whole;
  };
  return { size: total, range, bytes };
}

function part(piece: Piece, from: number, to: number): Piece {
  if (from === 0 && to === pieceLength(piece)) return piece;
  return piece instanceof Uint8Array ? piece.subarray(from, to) : { zeros: to - from };
}

/** The last start that is not beyond `at`. */
function indexOf(starts: readonly number[], at: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? Infinity) <= at) low = middle;
    else high = middle;
  }
  return low;
}
