/** One output file. Bytes in pieces, so that a 70 MB image is written without being copied together first. */
export interface Artifact {
  /** Relative to the output folder, with forward slashes. */
  readonly path: string;
  readonly pieces: readonly Piece[];
  readonly executable: boolean;
  /** Of a disk: the files on it. */
  readonly contents?: readonly Pick<Artifact, "path" | "pieces">[];
}

/** Bytes, or a run of zeros. */
export type Piece = Uint8Array | { readonly zeros: number };

export const pieceLength = (piece: Piece): number => (piece instanceof Uint8Array ? piece.length : piece.zeros);

/** In bytes, of an output or of a file on the disk. */
export const sizeOf = ({ pieces }: Pick<Artifact, "pieces">): number =>
  pieces.reduce((sum, piece) => sum + pieceLength(piece), 0);
