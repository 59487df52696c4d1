import type { BlobError, BlobErrorCode } from "./error.ts";
import { latin1 } from "../latin1.ts";
import { alignUp } from "./format.ts";

/** Carries a `BlobError` up to `decode`, which never lets it out. */
export class BlobFault extends Error {
  readonly error: BlobError;
  constructor(code: BlobErrorCode, offset: number, message: string) {
    super(message);
    this.error = { code, offset, message };
  }
}

/** Reads forward inside `[start, end)` of a blob; whatever would leave it is a fault. Offsets count from the blob. */
export class Cursor {
  offset: number;
  readonly end: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #what: string;

  constructor(bytes: Uint8Array, start: number, end: number, what: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.offset = start;
    this.end = end;
    this.#what = what;
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8));
  }

  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** A string up to its NUL, which is consumed; undefined where it has more than `most` bytes, which are not searched. */
  string(most: number): string | undefined {
    const { offset } = this;
    const length = this.#bytes.subarray(offset, Math.min(this.end, offset + most + 1)).indexOf(0);
    if (length < 0 && this.end - offset > most) return undefined;
    if (length < 0) throw new BlobFault("bad-string", offset, `a string in the ${this.#what} has no end`);
    this.offset += length + 1;
    return latin1(this.#bytes, offset, offset + length);
  }

  /** A string of any length: for strings that do not overlap. */
  name(): string {
    return this.string(Infinity) ?? "";
  }

  /** Skips padding to the next multiple of `align`, counted from the blob's start. */
  align(align: number): void {
    this.#take(alignUp(this.offset, align) - this.offset);
  }

  #take(length: number): number {
    const start = this.offset;
    if (length > this.end - start) {
      throw new BlobFault("out-of-bounds", start, `the ${this.#what} ends before its content`);
    }
    this.offset = start + length;
    return start;
  }
}
