import { Writer } from "./writer.ts";

/** A value of this many bytes or more is handed on as it is; a smaller one is cheaper to copy. */
const large = 0x1_0000;

/** A writer that does not copy what is large: what it wrote is a list of pieces. */
export class PieceWriter {
  readonly #done: Uint8Array[] = [];
  readonly #writer = new Writer();
  #before = 0;

  /** Of all pieces, in bytes. */
  get length(): number {
    return this.#before + this.#writer.length;
  }

  u32(value: number): void {
    this.#writer.u32(value);
  }

  name(text: string): void {
    this.#writer.name(text);
  }

  bytes(data: Uint8Array): void {
    if (data.length < large) {
      this.#writer.bytes(data);
      return;
    }
    this.#flush();
    this.#done.push(data);
    this.#before += data.length;
  }

  /** Zeros up to a multiple of 4, or of another power of two. */
  align(to = 4): void {
    this.#writer.align(to, this.length);
    // One buffer that grows with the blob would be copied again and again.
    if (this.#writer.length >= large) this.#flush();
  }

  finish(): readonly Uint8Array[] {
    this.#flush();
    return this.#done;
  }

  #flush(): void {
    if (this.#writer.length > 0) this.#done.push(this.#writer.finish());
    this.#before += this.#writer.length;
    this.#writer.clear();
  }
}
