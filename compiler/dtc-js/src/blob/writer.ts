/** A byte buffer that grows. Numbers are big-endian. */
export class Writer {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  length = 0;

  constructor(capacity = 4096) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  u8(value: number): void {
    const start = this.#grow(1);
    this.#bytes[start] = value;
  }

  u16(value: number): void {
    const start = this.#grow(2);
    this.#view.setUint16(start, value);
  }

  u32(value: number): void {
    const start = this.#grow(4);
    this.#view.setUint32(start, value);
  }

  u64(value: bigint): void {
    const start = this.#grow(8);
    this.#view.setBigUint64(start, value);
  }

  bytes(data: Uint8Array): void {
    const start = this.#grow(data.length);
    this.#bytes.set(data, start);
  }

  /** Latin-1 and a NUL. */
  name(text: string): void {
    const start = this.#grow(text.length + 1);
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code === 0 || code > 0xff) throw new RangeError(`a name cannot hold U+${code.toString(16).padStart(4, "0")}`);
      this.#bytes[start + index] = code;
    }
    this.#bytes[start + text.length] = 0;
  }

  /** Whether `text` and a NUL stand at `offset`. */
  holdsName(offset: number, text: string): boolean {
    if (offset + text.length >= this.length || this.#bytes[offset + text.length] !== 0) return false;
    for (let index = 0; index < text.length; index++) {
      if (this.#bytes[offset + index] !== text.charCodeAt(index)) return false;
    }
    return true;
  }

  /** Zeros up to a multiple of `align`, a power of two; `length` is counted from where multiples are. */
  align(align: number, length = this.length): void {
    this.#grow(-length & (align - 1));
  }

  /** Begins again with the same memory. */
  clear(): void {
    this.#bytes.fill(0, 0, this.length);
    this.length = 0;
  }

  /** All of it to the start of `target`. */
  copyTo(target: Uint8Array): void {
    target.set(this.#bytes.subarray(0, this.length));
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.length);
  }

  #grow(count: number): number {
    const start = this.length;
    this.length += count;
    if (this.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return start;
  }
}
