import type { Writer } from "../blob/writer.ts";

/** In bytes. A value that is kept keeps the others of its chunk. */
const CHUNK = 0x2000;

/**
 * Where the bytes of a source's values are: one behind the other in a few buffers. An engine spends as much memory on
 * each buffer as most values have bytes, and time whenever it collects garbage.
 */
export class ByteStore {
  #chunk = new Uint8Array(CHUNK);
  #used = 0;

  /** What `writer` holds. */
  copy(writer: Writer): Uint8Array<ArrayBuffer> {
    const { length } = writer;
    if (length > CHUNK / 4) return writer.finish();
    if (length > CHUNK - this.#used) {
      this.#chunk = new Uint8Array(CHUNK);
      this.#used = 0;
    }
    const bytes = this.#chunk.subarray(this.#used, (this.#used += length));
    writer.copyTo(bytes);
    return bytes;
  }
}
