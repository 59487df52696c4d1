/** In bytes. A value that is kept keeps the others of its chunk. */
const CHUNK = 0x2000;

/**
 * Where the bytes of many values are: one behind the other in a few buffers. An engine spends more memory on a buffer
 * than most values have bytes, and time whenever it collects garbage.
 */
export class ByteStore {
  #chunk = new Uint8Array(CHUNK);
  #used = 0;

  /** So many zeros. */
  take(length: number): Uint8Array<ArrayBuffer> {
    if (length > CHUNK / 4) return new Uint8Array(length);
    if (length > CHUNK - this.#used) {
      this.#chunk = new Uint8Array(CHUNK);
      this.#used = 0;
    }
    return this.#chunk.subarray(this.#used, (this.#used += length));
  }
}
