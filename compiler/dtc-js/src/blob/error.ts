/** Why a blob was refused. */
export type BlobErrorCode =
  | "truncated"
  | "bad-magic"
  | "unsupported-version"
  | "bad-header"
  | "misaligned"
  | "out-of-bounds"
  | "bad-token"
  | "bad-string"
  | "bad-structure"
  | "overlapping-names"
  | "too-deep";

export interface BlobError {
  readonly code: BlobErrorCode;
  /** Where in the blob, in bytes from its start. */
  readonly offset: number;
  readonly message: string;
}
