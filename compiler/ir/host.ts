import type { Piece } from "./artifact.ts";

/** All that the compiler asks of the machine it runs on. The command line answers; tests answer from a table. */
export interface Host {
  /** Reads a whole file. `path` is as the user wrote it, relative to the configuration's folder, or absolute. */
  readonly readFile: (path: string) => Promise<FileAnswer>;
  /** The text of a template of this package: "run.sh.hbs". */
  readonly readTemplate: (name: string) => Promise<string>;
  /** The hash of the pieces one after the other, in lower-case hexadecimal. */
  readonly digest: Digest;
}

export const hashAlgorithms = ["sha256", "sha384", "sha512"] as const;
export type HashAlgorithm = (typeof hashAlgorithms)[number];
/** SHA-256 alone, for lists of files. */
export type Sha256 = (pieces: readonly Piece[]) => string;
export type Digest = (algorithm: HashAlgorithm, pieces: readonly Piece[]) => string;

export type FileAnswer =
  | { readonly kind: "ok"; readonly bytes: Uint8Array }
  | { readonly kind: "missing" }
  /** `reason` in words: "it is a folder", "permission denied". */
  | { readonly kind: "unreadable"; readonly reason: string };
