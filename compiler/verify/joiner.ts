import type { Piece } from "../ir/artifact.ts";
import { pieceLength, sizeOf } from "../ir/artifact.ts";

export type Join = (pieces: readonly Piece[]) => Uint8Array;

/**
 * Joins the pieces of one image after the other in the same memory, `largest` bytes: what a call gives is overwritten by the
 * next. Images are large, and their copies would outlive their use until memory is short.
 */
export function joiner(largest: number): Join {
  const memory = new Uint8Array(largest);
  return (pieces) => {
    let at = 0;
    for (const piece of pieces) {
      if (piece instanceof Uint8Array) memory.set(piece, at);
      else memory.fill(0, at, at + piece.zeros);
      at += pieceLength(piece);
    }
    return memory.subarray(0, sizeOf({ pieces }));
  };
}
